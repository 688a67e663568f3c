using EthosU.Graphs;
using EthosU.Pipeline.Converting;
using EthosU.Pipeline.Formats;
using EthosU.Pipeline.Targets;

namespace EthosU.Pipeline.Compiling;

/// <summary>Choices of a compilation.</summary>
public sealed record CompileJobOptions
{
    /// <summary>The ONNX or quantized TensorFlow Lite file.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The file to write; null: beside the model, its name with <c>_npu.tflite</c> or <c>_npu.npz</c>.</summary>
    public string? OutputPath { get; init; }

    /// <summary>Where to write the report, also if the model is refused; null: nowhere.</summary>
    public string? ReportPath { get; init; }

    /// <summary>What it is to run on.</summary>
    public TargetChoice Target { get; init; } = new();

    /// <summary>True to optimise for the size of memory, false for performance.</summary>
    public bool OptimiseForSize { get; init; }

    /// <summary>The form of the file written.</summary>
    public CompiledFormat Format { get; init; } = CompiledFormat.TfLite;

    /// <summary>Operators, in TensorFlow Lite's spelling, that stay on the processor whatever the NPU can do.</summary>
    public IReadOnlyList<string> OperatorsOnCpu { get; init; } = [];

    /// <summary>How an ONNX model is converted first; its paths are not looked at. Null for the usual conversion.</summary>
    public ConvertOptions? Conversion { get; init; }

    /// <summary>Watches the passes over the graph; null: nobody does.</summary>
    public PassInstrumentation? Passes { get; init; }

    /// <summary>The file that is written.</summary>
    public string ResultPath => OutputPath
        ?? Path.Combine(Path.GetDirectoryName(ModelPath) ?? "",
        Path.GetFileNameWithoutExtension(ModelPath) + (Format == CompiledFormat.Raw ? "_npu.npz" : "_npu" + ModelFormats.TfLite.Extension));
}
