using EthosU.Torch.Programs;

namespace EthosU.Torch.Pickles;

/// <summary>The names that a pickle of tensors needs; all others are refused (pt2-format 7).</summary>
internal static class PickleGlobals
{
    private static readonly Dictionary<string, object> Known = new(StringComparer.Ordinal)
    {
        ["collections OrderedDict"] = PickleFunction.OrderedDictionary,
        ["torch._utils _rebuild_tensor_v2"] = PickleFunction.RebuildTensor,
        ["torch._utils _rebuild_parameter"] = PickleFunction.RebuildParameter,
        ["torch FloatStorage"] = new StorageType(ScalarType.Float32),
        ["torch DoubleStorage"] = new StorageType(ScalarType.Float64),
        ["torch HalfStorage"] = new StorageType(ScalarType.Float16),
        ["torch BFloat16Storage"] = new StorageType(ScalarType.BFloat16),
        ["torch LongStorage"] = new StorageType(ScalarType.Int64),
        ["torch IntStorage"] = new StorageType(ScalarType.Int32),
        ["torch ShortStorage"] = new StorageType(ScalarType.Int16),
        ["torch CharStorage"] = new StorageType(ScalarType.Int8),
        ["torch ByteStorage"] = new StorageType(ScalarType.UInt8),
        ["torch BoolStorage"] = new StorageType(ScalarType.Bool),
    };

    /// <summary>What a name stands for; null if it is none of these.</summary>
    public static object? Find(string module, string name) => Known.GetValueOrDefault($"{module} {name}");
}
