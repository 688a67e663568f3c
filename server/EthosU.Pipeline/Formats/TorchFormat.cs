using EthosU.Torch;

namespace EthosU.Pipeline.Formats;

/// <summary>Programs that <c>torch.export.save</c> writes.</summary>
internal sealed record TorchFormat : ModelFormat
{
    /// <inheritdoc/>
    public override string Id => "pt2";

    /// <inheritdoc/>
    public override string Name => "PyTorch";

    /// <inheritdoc/>
    public override string Noun => "an exported PyTorch program";

    /// <inheritdoc/>
    public override string Extension => ".pt2";

    /// <inheritdoc/>
    public override bool NeedsConversion => true;

    // Other files of torch are read too, so that they are called what they are.
    internal override bool Recognises(ReadOnlySpan<byte> start) => TorchReader.Recognises(start);

    internal override ModelFile Read(string path, ReadOptions options, CancellationToken cancellation) => ModelFile.Of(path, this,
        TorchReader.Read(path, new(options.BatchSize) { Sizes = options.Sizes, Folding = options.Folding }, cancellation));

    internal override ModelOutline ReadOutline(string path) => ModelOutline.Of(this, TorchReader.ReadOutline(path));
}
