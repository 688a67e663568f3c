using System.Collections.Immutable;

namespace EthosU.Torch.Pickles;

/// <summary>A tensor in a pickle.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, ImmutableArray<long> Sizes, ImmutableArray<long> Strides);
