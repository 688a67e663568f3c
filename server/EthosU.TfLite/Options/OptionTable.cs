using EthosU.Graphs;
using Google.FlatBuffers;
using S = EthosU.TfLite.Schema;

namespace EthosU.TfLite.Options;

/// <summary>An option table in the file: its number in the union, and where it was written.</summary>
internal readonly record struct OptionTable(S.BuiltinOptions Type, int Offset)
{
    public static OptionTable Of<T>(S.BuiltinOptions type, Offset<T> offset) where T : struct => new(type, offset.Value);

    /// <summary>The option table of an operator being read.</summary>
    /// <exception cref="InvalidGraphException">It is missing or of another kind.</exception>
    public static T Get<T>(S.Operator op, S.BuiltinOptions type) where T : struct, IFlatbufferObject =>
        op.BuiltinOptionsType == type && op.BuiltinOptions<T>() is { } table
            ? table
            : throw new InvalidGraphException($"{type} are missing");

    public static S.ActivationFunctionType Write(FusedActivation activation) => (S.ActivationFunctionType)activation;

    public static FusedActivation Read(S.ActivationFunctionType activation) => Enum.IsDefined((FusedActivation)activation)
        ? (FusedActivation)activation
        : throw new InvalidGraphException($"there is no activation {(int)activation}");

    public static S.Padding Write(Padding padding) => (S.Padding)padding;

    public static Padding Read(S.Padding padding) => Enum.IsDefined((Padding)padding)
        ? (Padding)padding
        : throw new InvalidGraphException($"there is no padding {(int)padding}");

    public static ElementType Read(S.TensorType type) => Enum.IsDefined((ElementType)type)
        ? (ElementType)type
        : throw new InvalidGraphException($"there is no tensor type {(int)type}");

    /// <summary>A bias type, whose default FLOAT32 stands for "not set".</summary>
    public static ElementType? ReadBiasType(S.TensorType type) => type == S.TensorType.FLOAT32 ? null : Read(type);

    public static S.TensorType WriteBiasType(ElementType? type) => (S.TensorType)(type ?? ElementType.Float32);
}
