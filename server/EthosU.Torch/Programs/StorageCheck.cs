namespace EthosU.Torch.Programs;

/// <summary>Checks that a tensor lies within its storage, before anything of its size is allocated (pt2-format 2).</summary>
internal static class StorageCheck
{
    private const long LargestExpanded = 1 << 23; // elements of a tensor that has fewer in the file

    /// <summary>What is wrong; null if nothing is.</summary>
    public static string? Problem(StoredTensor tensor)
    {
        if (tensor.Strides.Length != tensor.Sizes.Length)
            return $"it has {tensor.Sizes.Length} sizes but {tensor.Strides.Length} strides";
        if (tensor.Offset < 0)
            return $"its offset {tensor.Offset} is negative";
        Int128 last = tensor.Offset, count = 1;
        long stored = tensor.Storage.Length / SizeOf(tensor.Type);
        for (int axis = 0; axis < tensor.Sizes.Length; axis++)
        {
            (long size, long stride) = (tensor.Sizes[axis], tensor.Strides[axis]);
            if (size < 0 || stride < 0)
                return $"its size or stride of axis {axis} is negative";
            if (size > int.MaxValue)
                return $"its size {size} of axis {axis} is larger than that of any network";
            // Beyond this it is too large in any case, and the sums stay far from their bounds.
            count = Int128.Min(count * size, long.MaxValue);
            last = Int128.Min(last + (Int128)Math.Max(0, size - 1) * stride, long.MaxValue);
        }
        if (tensor.Sizes.Contains(0))
            return null;
        if (last >= stored)
            return $"its values are too short: it needs element {last} of a storage of {stored}";
        return count > Math.Max(stored, LargestExpanded)
            ? $"it is expanded to {count} elements, of {stored} in the file; that is more than any network needs" : null;
    }

    /// <summary>How many bytes an element takes.</summary>
    public static int SizeOf(ScalarType type) => type switch
    {
        ScalarType.Int16 or ScalarType.UInt16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.UInt32 or ScalarType.Float32 or ScalarType.Complex32 => 4,
        ScalarType.Int64 or ScalarType.UInt64 or ScalarType.Float64 or ScalarType.Complex64 => 8,
        ScalarType.Complex128 => 16,
        _ => 1,
    };
}
