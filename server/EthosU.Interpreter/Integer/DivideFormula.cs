using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Integer;

/// <summary>DIV of int8 (tflite-kernels 3.10). Division by 0 and quotients too small for the reference give the zero point.</summary>
internal readonly record struct DivideFormula(Multiplier Multiplier, int ZeroX, int ZeroY, int Zero, int Low, int High) : IBinaryFormula
{
    public static DivideFormula Make(NodeFacts facts, Binary op)
    {
        Tensor x = facts.Input(0), y = facts.Input(1), result = facts.Output;
        var multiplier = Multiplier.From(NodeFacts.Scale(x) / ((double)NodeFacts.Scale(y) * NodeFacts.Scale(result)));
        (int low, int high) = NodeFacts.ActivationRange(op.Activation, result);
        return new(multiplier, NodeFacts.ZeroPoint(x), NodeFacts.ZeroPoint(y), NodeFacts.ZeroPoint(result), low, high);
    }

    public int Apply(int x, int y)
    {
        int dividend = x - ZeroX, divisor = y - ZeroY;
        if (divisor == 0)
            return Math.Clamp(Zero, Low, High);
        return Math.Clamp(Reciprocal.Divide(dividend, divisor, Multiplier) + Zero, Low, High);
    }
}
