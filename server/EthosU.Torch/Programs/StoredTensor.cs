using System.Collections.Immutable;

namespace EthosU.Torch.Programs;

/// <summary>A tensor of the file: a strided view of a storage that others may share.</summary>
/// <param name="Type">Type of its elements.</param>
/// <param name="Sizes">Its sizes.</param>
/// <param name="Strides">Distances of neighbours along each axis, in elements; 0 where an axis is expanded.</param>
/// <param name="Offset">Of the first element, in elements.</param>
/// <param name="Storage">The whole storage, little-endian.</param>
internal sealed record StoredTensor(ScalarType Type, ImmutableArray<long> Sizes, ImmutableArray<long> Strides, long Offset,
    ReadOnlyMemory<byte> Storage);
