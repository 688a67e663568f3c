using System.Collections.Immutable;

namespace EthosU.Torch.Programs;

/// <summary>Type and sizes of a value.</summary>
internal sealed record TensorMeta(ScalarType Type, ImmutableArray<DynamicSize> Sizes);
