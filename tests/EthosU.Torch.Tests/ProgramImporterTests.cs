using EthosU.Graphs;
using EthosU.Testing;
using Xunit;

namespace EthosU.Torch.Tests;

/// <summary>Programs exported by torch give what torch computed.</summary>
public sealed class ProgramImporterTests
{
    private const double Single = 1e-4, Half = 1e-2, NearlySqnr = 20;

    /// <summary>What does not yet come out right, and why.</summary>
    private static readonly Dictionary<string, string> Failing = [];

    private static readonly string[] Folders = ["features", "cifar", "nets", "torch-2.6", "torch-2.13"];

    public static TheoryData<string> Right =>
        [.. ExportedCase.In(Folders).Where(static c => c.Expect == "right").Select(static c => c.ToString())];

    public static TheoryData<string, string> OtherSizes =>
        [.. ExportedCase.In(Folders).SelectMany(static c => c.OtherSizes.Select(sizes => (c.ToString(), sizes.Npz)))];

    [Theory]
    [MemberData(nameof(Right))]
    public void A_program_computes_what_torch_computed(string name)
    {
        SharedData.Require("data", "pt2");
        ExportedCase source = ExportedCase.Find(name);
        if (Failing.TryGetValue(name, out string? why))
            Assert.False(Passes(source), $"{name} passes now; take it out of the list ({why})");
        else
            RequireRight(source, $"{source.Name}.npz");
    }

    [Theory]
    [MemberData(nameof(OtherSizes))]
    public void A_program_of_free_sizes_computes_what_torch_computed_with_others(string name, string arrays)
    {
        SharedData.Require("data", "pt2");
        ExportedCase source = ExportedCase.Find(name);
        RequireRight(source, arrays);
    }

    public static TheoryData<string> Quantized =>
        [.. ExportedCase.In("quantized").Where(static c => c.Expect == "right").Select(static c => c.ToString())];

    /// <summary>As real numbers they are without the rounding, so only near to what torch computed.</summary>
    [Theory]
    [MemberData(nameof(Quantized))]
    public void A_quantized_program_computes_nearly_what_torch_computed(string name)
    {
        SharedData.Require("data", "pt2");
        ExportedCase source = ExportedCase.Find(name);
        ImportedProgram program = ImportedProgram.Of(source);
        foreach ((string output, _, double sqnr) in program.Compare($"{source.Name}.npz"))
            Assert.True(sqnr >= NearlySqnr, $"output '{output}' has {sqnr:F1} dB only");
        Assert.NotEmpty(program.Model.Quantizations);
        Assert.All(program.Model.Graph.Nodes.Where(static node => node.Operator is Conv2D or DepthwiseConv2D or FullyConnected),
            static node => Assert.NotNull(node.Input(1).Quantization));
    }

    public static TheoryData<string> Refused =>
        [.. ExportedCase.In("features", "quantized").Where(static c => c.Expect.StartsWith("refused", StringComparison.Ordinal))
            .Select(static c => c.ToString())];

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_expressed_is_refused_by_a_word_of_its_own(string name)
    {
        SharedData.Require("data", "pt2");
        ExportedCase source = ExportedCase.Find(name);
        if (Alternatives.Contains(name))
        {
            Assert.Contains(ImportedProgram.Of(source).Model.Findings, static finding => finding.Severity == FindingSeverity.Warning);
            return;
        }
        UnsupportedModelException e = Assert.Throws<UnsupportedModelException>(() => ImportedProgram.Of(source));
        string said = string.Join('\n', e.Findings.Select(static finding => finding.ToString()));
        Assert.Contains(Words[name], said, StringComparison.Ordinal);
        Assert.All(e.Findings, static finding => Assert.NotNull(finding.Source.UserFrame));
    }

    /// <summary>What is run in real numbers instead, with a warning.</summary>
    private static readonly HashSet<string> Alternatives = ["quantized/q_linear_dynamic"];

    private static readonly Dictionary<string, string> Words = new()
    {
        ["features/conditional"] = "Control flow (higher_order.cond)",
        ["features/while_loop"] = "Control flow (higher_order.while_loop)",
        ["features/custom_operator"] = "mylib.scaled_tanh.default is of a library of its own",
        ["features/random_numbers"] = "aten.randn_like.default makes random numbers",
        ["features/value_dependent"] = "The size of the result of aten.nonzero.default depends on the values",
        ["features/train_mode"] = "exported in training mode",
        ["features/train_mode_core"] = "exported in training mode",
        ["features/fft"] = "complex tensors",
        ["features/conv3d"] = "3 axes",
    };

    private static bool Passes(ExportedCase source)
    {
        try
        {
            RequireRight(source, $"{source.Name}.npz");
            return true;
        }
        catch (Exception e) when (e is UnsupportedModelException or Xunit.Sdk.XunitException)
        {
            return false;
        }
    }

    private static void RequireRight(ExportedCase source, string arrays)
    {
        ImportedProgram program = ImportedProgram.Of(source, ImportedProgram.OptionsFor(source, arrays));
        double most = program.IsHalf ? Half : Single;
        foreach ((string output, double error, _) in program.Compare(arrays))
            Assert.True(error <= most, $"output '{output}' is wrong by {error:G3} of its largest number");
    }
}
