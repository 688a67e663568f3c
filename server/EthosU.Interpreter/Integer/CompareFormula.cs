using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Integer;

/// <summary>Comparisons of int8, rescaled to a common unit (tflite-kernels 3.4); int16 and unquantized values as they are stored.</summary>
internal readonly record struct CompareFormula(CompareKind Kind, Rescaling? First, Rescaling? Second) : IBinaryFormula
{
    public static CompareFormula Make(NodeFacts facts, CompareKind kind)
    {
        Tensor x = facts.Input(0), y = facts.Input(1);
        return x.Type != ElementType.Int8 || x.Quantization is null || y.Quantization is null
            ? new(kind, null, null)
            : new(kind, NodeFacts.Rescaling(x, 8, NodeFacts.Scale(x)), NodeFacts.Rescaling(y, 8, NodeFacts.Scale(y)));
    }

    public int Apply(int x, int y)
    {
        int a = First?.Apply(x) ?? x, b = Second?.Apply(y) ?? y;
        return Kind switch
        {
            CompareKind.Less => a < b,
            CompareKind.Greater => a > b,
            CompareKind.LessEqual => a <= b,
            CompareKind.GreaterEqual => a >= b,
            CompareKind.Equal => a == b,
            _ => a != b,
        } ? 1 : 0;
    }
}
