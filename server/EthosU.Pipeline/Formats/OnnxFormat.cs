using EthosU.Graphs;
using EthosU.Import;
using EthosU.Onnx;
using EthosU.Quantize.Reference;
using EthosU.Quantize.Reference.OnnxRuntime;

namespace EthosU.Pipeline.Formats;

/// <summary>ONNX, as PyTorch exports it.</summary>
internal sealed record OnnxFormat : ModelFormat
{
    /// <inheritdoc/>
    public override string Id => "onnx";

    /// <inheritdoc/>
    public override string Name => "ONNX";

    /// <inheritdoc/>
    public override string Noun => "an ONNX model";

    /// <inheritdoc/>
    public override string Extension => ".onnx";

    /// <inheritdoc/>
    public override bool NeedsConversion => true;

    // A message of protocol buffers has no mark of its own.
    internal override bool Recognises(ReadOnlySpan<byte> start) => false;

    internal override ModelFile Read(string path, ReadOptions options, CancellationToken cancellation)
    {
        ImportedModel model =
            OnnxReader.Read(path, new(options.BatchSize) { Sizes = options.Sizes, Folding = options.Folding }, cancellation);
        return ModelFile.Of(path, this, model);
    }

    internal override IReferenceModel Reference(string path, Graph graph) => new OnnxReferenceModel(path);

    internal override ModelOutline ReadOutline(string path) => ModelOutline.Of(this, OnnxReader.ReadOutline(path));
}
