namespace EthosU.Torch.Programs;

/// <summary>The size of one axis: what it is, and what it was at export.</summary>
/// <param name="Expression">The size.</param>
/// <param name="Hint">The size of the example input; null where the file has none.</param>
internal sealed record DynamicSize(SizeExpression Expression, long? Hint);
