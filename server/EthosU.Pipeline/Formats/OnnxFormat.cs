using EthosU.Onnx;

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
        OnnxModel model = OnnxReader.Read(path, new(options.BatchSize) { Sizes = options.Sizes, Folding = options.Folding }, cancellation);
        return new(path, this, model.Graph, model.Findings) { Quantizations = model.Quantizations, DataFiles = model.DataFiles };
    }

    internal override ModelOutline ReadOutline(string path)
    {
        OnnxOutline outline = OnnxReader.ReadOutline(path);
        return new(this, [.. outline.Nodes.Select(static node => new ModelOutlineNode(node.Type, node.Source, node.Inputs, node.Outputs))],
            outline.Inputs, outline.Outputs);
    }
}
