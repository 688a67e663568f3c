using System.Collections.Frozen;
using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Npu.Commands;
using EthosU.Npu.Support;
using EthosU.Npu.Targets;
using EthosU.Optimize;
using EthosU.Pipeline.Compiled;
using EthosU.Pipeline.Formats;
using EthosU.Pipeline.Reports;
using EthosU.Quantize;
using EthosU.Quantize.Ranges;

namespace EthosU.Pipeline.Checking;

/// <summary>Says what of a model runs on the NPU, without calibrating or compiling it.</summary>
public static class CheckJob
{
    // Which operators an NPU runs depends on types and shapes; any range stands for the measured one.
    private static readonly RangeTable AnyRange = RangeTable.Assume(new ValueRange(-4, 4));

    /// <summary>Checks a model.</summary>
    /// <exception cref="ModelFormatException">The model or a configuration file is damaged.</exception>
    /// <exception cref="UnsupportedModelException">The model holds what cannot be converted (all of it is named), or the target is not
    /// possible.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static CheckReport Run(CheckOptions options, CancellationToken cancellation = default) =>
        CheckReport.Of(options.ModelPath, Check(options, cancellation));

    /// <summary>Checks a model; the result holds the model itself, node by node.</summary>
    /// <exception cref="ModelFormatException">As for <see cref="Run"/>.</exception>
    /// <exception cref="UnsupportedModelException">As for <see cref="Run"/>.</exception>
    /// <exception cref="IOException">As for <see cref="Run"/>.</exception>
    public static CheckedModel Check(CheckOptions options, CancellationToken cancellation = default)
    {
        Target target = options.Target.ResolveKnown();
        FoldingBudget folding = new();
        ModelFile model =
            ModelFile.Read(options.ModelPath, new() { BatchSize = options.BatchSize, Sizes = options.Sizes, Folding = folding },
            cancellation);
        if (!model.Format.NeedsConversion)
            return PlaceRunnable(options, model, target);
        OptimizeResult optimized = GraphOptimizer.Optimize(model.Graph,
            new() { InputLayout = options.InputLayout, OutputLayout = options.OutputLayout, Folding = folding }, null, cancellation);
        QuantizeResult quantized = Quantizer.Quantize(optimized.Graph, AnyRange.WithTrained(model.Quantizations),
            new() { Precision = options.Precision, Effort = Effort.Fast, Equalize = false, CorrectBias = false, Folding = folding },
            cancellation);
        return Place(model.Format, quantized.Graph, target, [.. model.Findings, .. optimized.Findings, .. quantized.Findings]);
    }

    private static CheckedModel PlaceRunnable(CheckOptions options, ModelFile model, Target target) =>
        model.Graph.Nodes.Any(EthosUNode.Matches)
        ? new(model.Format, model.Graph, CompiledPart.TargetOf(model.Graph, options.ModelPath, options.Target),
        FrozenDictionary<Node, Placement>.Empty, [])
        : Place(model.Format, model.Graph, target, []);

    private static CheckedModel Place(ModelFormat format, Graph graph, Target target, ImmutableArray<Finding> findings)
    {
        target.RequireCompiler();
        SupportReport support = SupportChecker.Check(graph, target);
        return new(format, graph, target, support.Placements, InsertedOperators.Merge(findings, support.Findings));
    }
}
