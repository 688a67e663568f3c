using EthosU.Graphs;
using EthosU.Optimize;
using EthosU.Quantize;
using EthosU.Quantize.Calibration;
using EthosU.Quantize.Data;
using EthosU.Quantize.Ranges;
using EthosU.Quantize.Reference;
using EthosU.Testing;
using Xunit;

namespace EthosU.Torch.Tests;

/// <summary>Exported programs, optimized and quantized, give nearly what torch computed.</summary>
public sealed class ConvertedProgramTests
{
    private const double Least = 25, Single = 1e-4, Half = 1e-2;

    private static readonly bool Full = Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1";

    private static readonly HashSet<string> Quick =
    [
        "features/attention_core", "features/tied_weights", "features/many_outputs", "features/max_unpool", "features/normalizes",
        "features/gru_uni", "features/streaming_conv", "features/in_place", "features/act_shrinks", "torch-2.6/old_mixed",
    ];

    /// <summary>What 8 bits do not suffice for, its least ratio of signal to noise in dB, and why.</summary>
    private static readonly Dictionary<string, (double Least, string Why)> Rough = new()
    {
        ["features/comparisons"] = (15, "values near a threshold fall on its other side"),
        ["features/scalars"] = (9, "x // 0.7 and x % 0.7 jump where x is near a multiple"),
        ["features/scalars_core"] = (9, "x // 0.7 and x % 0.7 jump where x is near a multiple"),
        ["features/powers"] = (23, "x ** -1.5 and 1 / x of numbers down to 0.1 have a wide range"),
        ["features/powers_core"] = (23, "x ** -1.5 and 1 / x of numbers down to 0.1 have a wide range"),
        ["nets/timm_vit_tiny"] = (16, "random weights: the logits are sums that nearly cancel"),
        ["nets/timm_vit_tiny_core"] = (16, "random weights: the logits are sums that nearly cancel"),
    };

    public static TheoryData<string> Right => [.. ExportedCase.In("features", "cifar", "nets", "quantized", "torch-2.6", "torch-2.13")
        .Where(static c => c.Expect == "right" && (Full || c.Folder is "cifar" or "quantized" || Quick.Contains(c.ToString())))
        .Select(static c => c.ToString())];

    [Theory]
    [MemberData(nameof(Right))]
    public void An_optimized_program_computes_the_same_and_a_quantized_one_nearly(string name)
    {
        SharedData.Require("data", "pt2");
        ExportedCase source = ExportedCase.Find(name);
        string arrays = $"{source.Name}.npz";
        ImportedProgram program = ImportedProgram.Of(source, ImportedProgram.OptionsFor(source, arrays));
        Graph graph = GraphOptimizer.Optimize(program.Model.Graph,
            new() { InputLayout = DataLayout.Nchw, OutputLayout = DataLayout.Nchw }).Graph;
        if (source.Folder != "quantized")
            foreach ((string output, double error, _) in program.Compare(arrays, graph))
                Assert.True(error <= (program.IsHalf ? Half : Single), $"output '{output}' is wrong by {error:G3} of its largest number");

        SampleSource samples = SampleSource.Of([.. program.Samples(arrays).Select(static inputs => new Sample(inputs))]);
        RangeTable ranges = Calibrator.Collect(new GraphReferenceModel(program.Model.Graph), graph, samples,
            cancellation: TestContext.Current.CancellationToken).WithTrained(program.Model.Quantizations);
        Graph quantized = Quantizer.Quantize(graph, ranges, new() { Io = EdgeType.Float32 }, TestContext.Current.CancellationToken).Graph;
        double least = Rough.TryGetValue(name, out var rough) ? rough.Least : Least;
        foreach (var (output, sqnr) in program.Compare(arrays, quantized).Where((_, i) => source.IsReal(i))
            .Select(static o => (o.Output, o.Sqnr)))
            Assert.True(sqnr >= least, $"output '{output}' has {sqnr:F1} dB, {least} at least are expected");
    }
}
