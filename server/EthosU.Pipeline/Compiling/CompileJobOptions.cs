using EthosU.Graphs;
using EthosU.Pipeline.Converting;
using EthosU.Pipeline.Formats;
using EthosU.Pipeline.Targets;

namespace EthosU.Pipeline.Compiling;

/// <summary>Choices of a compilation.</summary>
public sealed record CompileJobOptions
{
    /// <summary>The file to compile: quantized TensorFlow Lite, or a model to convert.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The file to write; null: beside the model, its name with <c>_npu.tflite</c> or <c>_npu.npz</c>.</summary>
    public string? OutputPath { get; init; }

    /// <summary>Where to write the report, also if the model is refused; null: nowhere.</summary>
    public string? ReportPath { get; init; }

    /// <summary>Where to write the figures as comma-separated values; null: nowhere.</summary>
    public string? SummaryPath { get; init; }

    /// <summary>What it is to run on.</summary>
    public TargetChoice Target { get; init; } = new();

    /// <summary>What to optimise for.</summary>
    public OptimisationGoal Goal { get; init; } = OptimisationGoals.Default;

    /// <summary>
    /// Multiple of which the place in the arena is of every tensor that the processor sees: a power of two, 16 at least.
    /// </summary>
    public int CpuTensorAlignment { get; init; } = 16;

    /// <summary>True to take the zero points of signed weights as 0.</summary>
    public bool ForceSymmetricWeights { get; init; }

    /// <summary>The form of the file written.</summary>
    public CompiledFormat Format { get; init; } = CompiledFormat.TfLite;

    /// <summary>Operators, in TensorFlow Lite's spelling, that stay on the processor whatever the NPU can do.</summary>
    public IReadOnlyList<string> OperatorsOnCpu { get; init; } = [];

    /// <summary>How a model to convert is converted first; its paths are not looked at. Null for the usual conversion.</summary>
    public ConvertOptions? Conversion { get; init; }

    /// <summary>Watches the passes over the graph; null: nobody does.</summary>
    public PassInstrumentation? Passes { get; init; }

    /// <summary>The file that is written.</summary>
    public string ResultPath => OutputPath
        ?? Path.Combine(Path.GetDirectoryName(ModelPath) ?? "",
        Path.GetFileNameWithoutExtension(ModelPath) + (Format == CompiledFormat.Raw ? "_npu.npz" : "_npu" + ModelFormats.TfLite.Extension));
}
