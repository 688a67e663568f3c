using EthosU.Graphs;
using EthosU.Import.Formulas;
using EthosU.Torch.Import;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Operators;

/// <summary>
/// Where values are minus infinity, as a decomposed attention asks to find rows that are masked as a whole. Products of matrices are
/// finite, so that only a constant mask that was added to them can make them so, and the question is answered before anything runs.
/// </summary>
internal static class Infinities
{
    private const int MaxDepth = 64;

    /// <summary>Where a value is minus infinity, as a constant of its shape; null where that depends on data.</summary>
    public static Tensor? Of(ProgramContext c, string name)
    {
        Tensor x = c.Lookup(name).Read(c);
        return x.Type == ElementType.Float32 && Find(c, name, 0) is { } mask && Shape.TryBroadcast(mask.Shape, x.Shape, out Shape shape)
            && shape == x.Shape ? Movement.Expand(c, mask, shape) : null;
    }

    /// <summary>
    /// A constant that broadcasts to the value; null where data decide, or where the order of axes changes behind a mask.
    /// </summary>
    private static Tensor? Find(ProgramContext c, string name, int depth)
    {
        if (depth > MaxDepth || c.Scope.Uses.Maker(name) is not { } node || node.Target.Split('.') is not ["aten", var function, ..])
            return null;
        switch (function)
        {
            case "bmm" or "mm" or "matmul" or "baddbmm" or "linear" or "addmm":
                return c.Constant(TensorData.Scalar(false), "finite");
            case "view" or "_unsafe_view" or "reshape" or "expand" or "permute" or "transpose" or "clone" or "contiguous" or "unsqueeze"
                or "squeeze" or "mul" or "div":
                return Operands(node) is [var only] && Find(c, only, depth + 1) is { Shape.Rank: 0 } mask ? mask : null;
            case "add":
                if (Operands(node) is not [var first, var second])
                    return null;
                foreach ((string added, string sum) in ((string, string)[])[(second, first), (first, second)])
                    if (c.Lookup(added).Read(c).Data is { Type: ElementType.Float32 } data
                        && Find(c, sum, depth + 1) is { Shape.Rank: 0 })
                        return c.Constant(
                            TensorData.From<bool>(data.Shape, Array.ConvertAll(data.ToFloatArray(), float.IsNegativeInfinity)), "infinite");
                return null;
            default:
                return null;
        }
    }

    private static string[] Operands(ProgramNode node) => [.. node.Inputs.SelectMany(static input => ArgumentNames.Of(input.Value))];
}
