using System.Collections.Immutable;
using System.Text;
using EthosU.Graphs;
using EthosU.Pipeline.Checking;
using EthosU.Pipeline.Compiling;
using EthosU.Pipeline.Formats;

namespace EthosU.LanguageServer.Analysis;

/// <summary>A model as text: what it is, its inputs, a line an operator with its placement, its outputs.</summary>
/// <param name="Text">The text.</param>
/// <param name="FirstNodeLine">The line of the first operator, from 0.</param>
internal sealed record ModelListing(string Text, int FirstNodeLine)
{
    private ImmutableArray<Finding> refusals = [];

    /// <summary>The listing of a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model.</param>
    /// <param name="estimate">What it costs; null if that is not known.</param>
    public static ModelListing Write(string path, CheckedModel model, CompileReport? estimate)
    {
        NodeCycles? cycles = estimate is null ? null : new(estimate);
        Graph graph = model.Graph;
        StringBuilder text = new();
        int cpu = model.CpuOperatorCount;
        text.Append("# ").Append(Path.GetFileName(path)).Append(" for ").Append(model.TargetSummary).Append('\n');
        text.Append("# ").Append(Figures.Operators(graph.Nodes.Length)).Append(", ").Append(graph.Nodes.Length - cpu)
            .Append(" on the NPU, ").Append(cpu).Append(" on the CPU").Append(cycles is null ? "" : $", {Figures.Cycles(estimate!)}")
            .Append('\n');
        foreach (Tensor input in graph.Inputs)
            text.Append("    input %").Append(input.Name).Append(' ').Append(TensorText.TypeOf(input)).Append('\n');
        int first = 2 + graph.Inputs.Length;
        foreach (Node node in graph.Nodes)
        {
            text.Append(model.RunsOnNpu(node) ? "NPU " : "CPU ").Append(GraphListing.WriteNode(node).ReplaceLineEndings(" "));
            if (cycles?.Of(node) is { } count)
                text.Append("  # ").Append(Figures.Count(count)).Append(" cycles");
            text.Append('\n');
        }
        foreach (Tensor output in graph.Outputs)
            text.Append("    output %").Append(output.Name).Append('\n');
        return new(text.ToString(), first);
    }

    /// <summary>
    /// The listing of a model that cannot be converted: why, a line a reason; then the nodes of its file, if they can be read.
    /// </summary>
    public static ModelListing WriteRefused(string path, ImmutableArray<Finding> findings, ModelOutline? outline)
    {
        StringBuilder text = new();
        text.Append("# ").Append(Path.GetFileName(path)).Append(" cannot be converted\n");
        foreach (Finding finding in findings)
            text.Append(finding.ToString().ReplaceLineEndings(" ")).Append('\n');
        if (outline is not null)
        {
            text.Append("\n# the nodes as they stand in the ").Append(outline.Format.Name).Append(" file\n");
            foreach (ModelOutlineNode node in outline.Nodes)
                text.Append($"{Values(node.Outputs)} = {node.Type}({Values(node.Inputs)})  # {node.Source}".ReplaceLineEndings(" "))
                    .Append('\n');
        }
        return new(text.ToString(), 1) { refusals = findings };
    }

    private static string Values(IEnumerable<string> names) => string.Join(", ", names.Select(name => name.Length == 0 ? "-" : $"%{name}"));

    /// <summary>The line of a refused model's finding.</summary>
    public int LineOfFinding(Finding finding) => 1 + Math.Max(0, refusals.IndexOf(finding));
}
