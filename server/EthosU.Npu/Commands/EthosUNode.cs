using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Npu.Commands;

/// <summary>
/// The custom operator <c>ethos-u</c>, which stands for a part of the network that the NPU runs (npu-commands 1.2 and 1.3).
/// </summary>
/// <param name="Payload">The driver payload; constant.</param>
/// <param name="ReadOnlyData">Weights, scales, tables and constant feature maps; constant, shared by all such operators of a model. Region
/// 0.</param>
/// <param name="Scratch">The arena; shared. Region 1.</param>
/// <param name="FastScratch">The fast memory; shared, possibly the same tensor as the arena. Region 2.</param>
/// <param name="Inputs">The feature maps that go in.</param>
/// <param name="Outputs">The feature maps that come out.</param>
public sealed record EthosUNode(Tensor Payload, Tensor ReadOnlyData, Tensor Scratch, Tensor FastScratch, ImmutableArray<Tensor> Inputs,
    ImmutableArray<Tensor> Outputs)
{
    /// <summary>The operator's custom code.</summary>
    public const string CustomCode = "ethos-u";

    private const int FixedInputs = 4;

    /// <summary>The operator's option bytes.</summary>
    public static ReadOnlyMemory<byte> Options { get; } = new byte[] { 1, 4, 1 };

    /// <summary>True for a node that is such an operator.</summary>
    public static bool Matches(Node node) => node.Operator is Custom { CustomCode: CustomCode };

    /// <summary>Reads a node for which <see cref="Matches"/> holds.</summary>
    /// <exception cref="ModelFormatException">Its operands are not those of an <c>ethos-u</c> operator.</exception>
    public static EthosUNode Of(Node node, string fileName)
    {
        if (node.Inputs.Length < FixedInputs || node.Inputs.Contains(null))
            throw new ModelFormatException(fileName, node.Name,
                $"an ethos-u operator has {FixedInputs} tensors before its inputs, "
                    + $"this has {node.Inputs.Length} in all or one is left out");
        foreach (Tensor tensor in node.Inputs.OfType<Tensor>().Concat(node.Outputs))
            if (!tensor.Type.HasFixedSize())
                throw new ModelFormatException(fileName, node.Name,
                    $"'{tensor.Name}' holds {tensor.Type.DisplayName()}, which an ethos-u operator cannot have");
        Tensor payload = node.Input(0), readOnly = node.Input(1);
        foreach (Tensor constant in (Tensor[])[payload, readOnly])
            if (constant.Data is null && constant.Shape.ElementCount > 0)
                throw new ModelFormatException(fileName, node.Name, $"'{constant.Name}' must be constant");
        return new(payload, readOnly, node.Input(2), node.Input(3), [.. node.Inputs.Skip(FixedInputs).Select(static input => input!)],
            node.Outputs);
    }

    /// <summary>The node of the graph.</summary>
    public Node ToNode(Source? source = null) =>
        new(new Custom(CustomCode, Options), [Payload, ReadOnlyData, Scratch, FastScratch, .. Inputs], Outputs, source);
}
