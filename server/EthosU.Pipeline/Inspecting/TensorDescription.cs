using System.Collections.Immutable;
using System.Text.Json.Serialization;
using EthosU.Graphs;

namespace EthosU.Pipeline.Inspecting;

/// <summary>A tensor in a report.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Sizes of the axes, outermost first.</param>
/// <param name="Type">Element type as in NumPy: <c>int8</c>, <c>float32</c>.</param>
/// <param name="Quantization">How integers stand for real numbers; null if they do not.</param>
/// <param name="IsConstant">True for weights and other constants; absent for other tensors.</param>
/// <param name="IsVariable">True for recurrent state; absent for other tensors.</param>
public sealed record TensorDescription(string Name, ImmutableArray<int> Shape, string Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        QuantizationDescription? Quantization, bool? IsConstant = null, bool? IsVariable = null)
{
    internal static TensorDescription Of(Tensor tensor) => new(tensor.Name, tensor.Shape.Sizes, tensor.Type.DisplayName(),
        QuantizationDescription.Of(tensor.Quantization), tensor.IsConstant ? true : null, tensor.IsVariable ? true : null);
}
