using EthosU.Graphs;
using EthosU.Npu;
using EthosU.Pipeline.Converting;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>The PyTorch networks, converted to int8 and compiled: the simulator gives what the interpreter gives.</summary>
public sealed class ZooTests(ITestOutputHelper output)
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1";

    [Theory]
    [InlineData("simple_network", true)]
    [InlineData("simple_network_relu6", true)]
    [InlineData("resnet14_cifar", true)]
    [InlineData("mobilenetv2_cifar", true)]
    [InlineData("mobilenetv3_cifar", true)]
    [InlineData("unet_cifar", true)]
    [InlineData("conv1d_cifar", true)]
    [InlineData("shufflegroup_cifar", true)]
    [InlineData("tinyvit_cifar", true)]
    [InlineData("rowlstm_cifar", true)]
    public void A_converted_network_runs_exactly(string network, bool onNpuAlone)
    {
        string model = SharedData.Require("data", "models", "pytorch", $"{network}.onnx");
        string folder = Directory.CreateTempSubdirectory("ethosu-zoo").FullName;
        try
        {
            string path = Path.Combine(folder, $"{network}.tflite");
            ConvertJob.Run(new() { ModelPath = model, OutputPath = path, Calibration = new() { Samples = 4 } },
                cancellation: TestContext.Current.CancellationToken);
            Graph graph = TfLiteReader.Read(path);
            int turn = network.Length;
            foreach (string accelerator in CompileCheck.Accelerators)
                foreach (string mode in CompileCheck.MemoryModes)
                    if (Full || turn++ % 9 == 0)
                        Check(graph, accelerator, mode, onNpuAlone);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private void Check(Graph graph, string accelerator, string mode, bool onNpuAlone)
    {
        CompileCheck check = CompileCheck.AgainstInterpreter(graph, CompileCheck.Target(accelerator, mode), samples: 2, seed: 1);
        CompileResult result = check.Result;
        output.WriteLine(
            $"{accelerator} {mode}: {result.NpuOperatorCount} ethos-u, on the CPU: "
                + $"{string.Join(", ", result.Placement.Where(p => p.NpuOperator is null).Select(p => p.Operator))}; "
                + $"{result.Operations.Length} operations, {result.Estimate.TotalCycles} cycles, arena {result.Memory.ArenaBytes} of least "
                + $"{result.Memory.LargestStepBytes}");
        Assert.Equal(0, check.DifferingBytes);
        Assert.Empty(check.Violations.Take(10));
        if (onNpuAlone)
            Assert.True(result.RunsEntirelyOnNpu && result.NpuOperatorCount == 1);
    }
}
