using EthosU.Torch.Programs;

namespace EthosU.Torch.Pickles;

/// <summary>A storage that a pickle refers to.</summary>
/// <param name="Type">Type of its elements.</param>
/// <param name="Key">The name of its entry.</param>
/// <param name="Count">How many elements it has.</param>
internal sealed record PickledStorage(ScalarType Type, string Key, long Count);
