namespace EthosU.Graphs;

/// <summary>Every n-th element of a box. Inputs: x, begin, end, strides. Bit i of a mask is about axis i.</summary>
/// <param name="BeginMask">Begin is ignored.</param>
/// <param name="EndMask">End is ignored.</param>
/// <param name="EllipsisMask">An ellipsis.</param>
/// <param name="NewAxisMask">A new axis of size 1.</param>
/// <param name="ShrinkAxisMask">One element; the axis disappears.</param>
/// <param name="Offset">End counts from begin.</param>
public sealed record StridedSlice(int BeginMask = 0, int EndMask = 0, int EllipsisMask = 0, int NewAxisMask = 0, int ShrinkAxisMask = 0,
    bool Offset = false) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.StridedSlice;
}
