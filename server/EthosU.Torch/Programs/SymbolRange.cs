namespace EthosU.Torch.Programs;

/// <summary>Between which numbers a free size may lie.</summary>
/// <param name="Least">The least, or null.</param>
/// <param name="Most">The greatest, or null for no bound.</param>
internal sealed record SymbolRange(long? Least, long? Most);
