using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Operations;
using EthosU.Pipeline.Compiled;
using EthosU.Pipeline.Reports;
using EthosU.Pipeline.Targets;

namespace EthosU.Pipeline.Checking;

/// <summary>Where a model's operators would run: what <c>ethosu check --format json</c> writes.</summary>
/// <param name="Model">The file, as the user named it.</param>
/// <param name="Target">Accelerator, system configuration and memory mode.</param>
/// <param name="Operators">Number of operators, as they would be compiled.</param>
/// <param name="CpuOperators">How many of them run on the processor.</param>
/// <param name="Findings">What does not run on the NPU, what costs, and why.</param>
public sealed record CheckReport(string Model, string Target, int Operators, int CpuOperators, ImmutableArray<FindingReport> Findings)
{
    /// <summary>True if the model cannot be converted at all; the findings of severity <c>error</c> say why.</summary>
    public bool Refused { get; init; }

    /// <summary>
    /// Number of the NPU's own operations inside the <c>ethos-u</c> operators, if the model is compiled already; null for one that is not.
    /// </summary>
    public int? CompiledOperations { get; init; }

    /// <summary>True if nothing falls back to the processor.</summary>
    public bool RunsOnNpuOnly => CpuOperators == 0 && !Refused;

    /// <summary>The report on a model that is refused.</summary>
    public static CheckReport OfRefusal(string model, TargetChoice target, UnsupportedModelException refusal) =>
        new(model, target.Accelerator, 0, 0, [.. refusal.Findings.Select(FindingReport.Of)]) { Refused = true };

    internal static CheckReport Of(string model, CheckedModel check) => new(model, check.Target.ToString(), check.Graph.Nodes.Length,
        check.CpuOperatorCount, [.. check.Findings.Select(FindingReport.Of)])
    {
        CompiledOperations = check.IsCompiled
            ? CompiledPart.All(check.Graph, model).Sum(static part => part.Groups.Count(static group => group.Operation is KernelOperation))
            : null,
    };
}
