using EthosU.Npu;
using EthosU.Testing;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>Whole networks, compiled and simulated: the bytes must be those recorded, and everything must run on the NPU.</summary>
public sealed class NetworkTests(ITestOutputHelper output)
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1";

    public static TheoryData<string, string, string> Cases()
    {
        TheoryData<string, string, string> data = [];
        string[] networks =
            ["mlperf_tiny_ad_autoencoder_int8", "mlperf_tiny_kws_dscnn_int8", "mlperf_tiny_resnet8_int8", "mobilenet_v2_224_int8"];
        int turn = 0;
        foreach (string network in networks)
            foreach (string accelerator in CompileCheck.Accelerators)
                foreach (string mode in CompileCheck.MemoryModes)
                    if (Full || turn++ % (network.StartsWith("mobilenet", StringComparison.Ordinal) ? 9 : 4) == 0)
                        data.Add(network, accelerator, mode);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_network_runs_on_the_npu_exactly(string network, string accelerator, string mode)
    {
        string model = SharedData.Require("data", "models", $"{network}.tflite");
        bool large = network.StartsWith("mobilenet", StringComparison.Ordinal);
        CompileCheck check =
            CompileCheck.Run(model, Path.ChangeExtension(model, "npz"), CompileCheck.Target(accelerator, mode), large && !Full ? 1
            : int.MaxValue);
        MemoryFigures memory = check.Result.Memory;
        output.WriteLine(
            $"arena {memory.ArenaBytes}, fast {memory.FastBytes}, least {memory.LargestStepBytes}, read-only {memory.ReadOnlyBytes}, "
                + $"commands {memory.CommandBytes}, operations {check.Result.Operations.Length}");
        Assert.Equal(0, check.DifferingBytes);
        Assert.Empty(check.Violations.Take(10));
        Assert.Equal(1, check.Result.NpuOperatorCount);
    }
}
