using System.Collections.Immutable;
using EthosU.Npu;
using EthosU.Pipeline.Converting;
using EthosU.Pipeline.Reports;

namespace EthosU.Pipeline.Compiling;

/// <summary>What a compilation did: what <c>ethosu compile --report</c> writes.</summary>
public sealed record CompileReport
{
    /// <summary>The model, as the user named it.</summary>
    public required string Model { get; init; }

    /// <summary>The file written; absent if the model is refused.</summary>
    public string? Output { get; init; }

    /// <summary>True if no file was written; the findings of severity <c>error</c> say why.</summary>
    public bool Refused { get; init; }

    /// <summary>Accelerator, system configuration and memory mode.</summary>
    public required string Target { get; init; }

    /// <summary>What was optimised for: <c>performance</c>, <c>balanced</c> or <c>size</c>; absent of a file compiled already.</summary>
    public string? Goal { get; init; }

    /// <summary>Bytes of the file written.</summary>
    public long? Bytes { get; init; }

    /// <summary>SHA-256 of the file written, in hexadecimal: what tells whether a file is the one that the report is of.</summary>
    public string? Sha256 { get; init; }

    /// <summary>How the ranges of an ONNX model were found; absent where nothing was converted.</summary>
    public CalibrationReport? Calibration { get; init; }

    /// <summary>Number of <c>ethos-u</c> operators in it.</summary>
    public int NpuOperators { get; init; }

    /// <summary>Number of the model's operators that stay on the processor.</summary>
    public int CpuOperators { get; init; }

    /// <summary>Memory needed, in bytes.</summary>
    public MemoryReport? Memory { get; init; }

    /// <summary>What running it costs, as estimated; nothing that stays on the processor is counted.</summary>
    public EstimateReport? Estimate { get; init; }

    /// <summary>Where each operator of the model runs, in its order.</summary>
    public ImmutableArray<PlacementReport> Placement { get; init; } = [];

    /// <summary>What the NPU does, in order.</summary>
    public ImmutableArray<OperationReport> Operations { get; init; } = [];

    /// <summary>Where feature maps lie over time, in the order of their first step.</summary>
    public ImmutableArray<TensorPlaceReport> Tensors { get; init; } = [];

    /// <summary>Number of steps: each operator on the processor and each operation of the NPU is one.</summary>
    public int StepCount { get; init; }

    /// <summary>What a user should know, from the conversion to the placement.</summary>
    public ImmutableArray<FindingReport> Findings { get; init; } = [];

    /// <summary>What a compilation came to, but for the file.</summary>
    internal CompileReport With(CompileResult result, ImmutableArray<FindingReport> before) => this with
    {
        NpuOperators = result.NpuOperatorCount,
        CpuOperators = result.Placement.Count(static placement => placement.NpuOperator is null),
        Memory = MemoryReport.Of(result.Memory),
        Estimate = EstimateReport.Of(result.Estimate),
        Placement = [.. result.Placement.Select(PlacementReport.Of)],
        Operations = [.. result.Operations.Select(OperationReport.Of)],
        Tensors = [.. result.Tensors.Select(TensorPlaceReport.Of)],
        StepCount = result.StepCount,
        Findings = InsertedOperators.Merge(before, result.Findings),
    };
}
