using EthosU.Graphs;

namespace EthosU.Npu.Lowering.Views;

/// <summary>One input of a CONCATENATION or PACK and where it lies in the output.</summary>
internal sealed record ConcatenationPart(Tensor Input, int Axis, int Start, bool IsPack)
{
    /// <summary>The parts of a node, in order.</summary>
    public static IEnumerable<ConcatenationPart> Of(Node node)
    {
        bool pack = node.Operator is Pack;
        int axis = node.Output.Shape.NormalizeAxis(node.Operator switch { Pack p => p.Axis, Concatenation c => c.Axis, _ => 0 });
        int start = 0;
        foreach (Tensor? input in node.Inputs)
        {
            yield return new(input!, axis, start, pack);
            start += pack ? 1 : input!.Shape[axis];
        }
    }

    /// <summary>The part of the output's elements, in the input's shape.</summary>
    public View Take(View output) => IsPack ? output.Select(Axis, Start) : output.Slice(Axis, Start, Input.Shape[Axis]);
}
