using EthosU.Files;
using EthosU.Npy;
using EthosU.Pipeline.Converting;
using EthosU.Pipeline.Running;
using EthosU.Quantize;
using EthosU.Testing;
using Xunit;

namespace EthosU.Pipeline.Tests;

/// <summary>Progress, cancellation, and files that appear whole or not at all.</summary>
public sealed class JobTests : IDisposable
{
    private static readonly string Sample = Path.Combine(SharedData.RepositoryRoot, "samples", "digits");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("importing")]
    [InlineData("optimizing")]
    [InlineData("calibrating")]
    [InlineData("quantizing")]
    [InlineData("writing")]
    public void ACancelledConversionLeavesNothing(string step)
    {
        string output = folder.Write("out.tflite", [1, 2, 3]);
        using CancellationTokenSource cancellation = new();
        CancelAt progress = new(step, cancellation);
        Assert.ThrowsAny<OperationCanceledException>(() => ConvertJob.Run(Options(output), progress, cancellation.Token));
        Assert.True(progress.Seen);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(output));
        Assert.Single(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public void ACancelledRunLeavesNothing()
    {
        string model = folder.File("m.tflite");
        ConvertJob.Run(Options(model));
        string data = folder.File("x.npy");
        NumpyFile.Write(data, NumpyArray.From<sbyte>([300, 32, 32, 3], new sbyte[300 * 32 * 32 * 3]));
        using CancellationTokenSource cancellation = new();
        Assert.ThrowsAny<OperationCanceledException>(() => RunJob.Run(
            new() { ModelPath = model, Inputs = [data], OutputPrefix = folder.File("y"), Stacked = true },
            new CancelAt("running", cancellation), cancellation.Token));
        Assert.Equal(2, Directory.EnumerateFiles(folder.Path).Count());
    }

    [Fact]
    public void ProgressGoesFromStepToStep()
    {
        Recorder recorder = new();
        ConvertJob.Run(Options(folder.File("out.tflite")), recorder, TestContext.Current.CancellationToken);
        Assert.Equal(["importing", "optimizing", "calibrating", "quantizing", "writing"],
            recorder.Reports.Select(static r => r.Step).Distinct());
        double[] shares = [.. recorder.Reports.Select(static r => r.Share).OfType<double>()];
        Assert.Equal(shares.Order(), shares);
        Assert.All(shares, static share => Assert.InRange(share, 0, 1));
    }

    [Fact]
    public void AFileIsReplacedWhole()
    {
        string path = folder.Write("a.bin", new byte[1000]);
        OutputFile.Write(path, [1, 2]);
        Assert.Equal([1, 2], File.ReadAllBytes(path));
        using (PendingFile pending = new(path))
            pending.Stream.Write([3, 4, 5]);
        Assert.Equal([1, 2], File.ReadAllBytes(path));
        Assert.Single(Directory.EnumerateFiles(folder.Path));
        Assert.Throws<DirectoryNotFoundException>(() => OutputFile.Write(folder.Path, [1]));
        Assert.Throws<DirectoryNotFoundException>(() => OutputFile.Write(folder.File("absent/b"), [1]));
    }

    private static ConvertOptions Options(string output) => new()
    {
        ModelPath = Path.Combine(Sample, "simple_network.onnx"),
        OutputPath = output,
        Calibration = new DataSet { Path = Path.Combine(Sample, "calibration.npz"), Samples = 4 },
        Quantization = new() { Precision = Precision.Int8 },
    };

    private sealed class CancelAt(string step, CancellationTokenSource cancellation) : IProgress<JobProgress>
    {
        public bool Seen { get; private set; }

        public void Report(JobProgress value)
        {
            if (value.Step != step)
                return;
            Seen = true;
            cancellation.Cancel();
        }
    }

    private sealed class Recorder : IProgress<JobProgress>
    {
        public List<JobProgress> Reports { get; } = [];

        public void Report(JobProgress value) => Reports.Add(value);
    }
}
