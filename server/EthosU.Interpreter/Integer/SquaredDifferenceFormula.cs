using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Integer;

/// <summary>SQUARED_DIFFERENCE (tflite-kernels 3.4).</summary>
internal readonly record struct SquaredDifferenceFormula(Rescaling First, Rescaling Second, Multiplier Multiplier, int Zero, int Low,
    int High) : IBinaryFormula
{
    public static SquaredDifferenceFormula Make(NodeFacts facts)
    {
        Tensor x = facts.Input(0), y = facts.Input(1), result = facts.Output;
        bool wide = x.Type == ElementType.Int16;
        var factors = OperandFactors.OfSquaredDifference(NodeFacts.Scale(x), NodeFacts.Scale(y), NodeFacts.Scale(result), wide);
        (int low, int high) = result.Type.IntegerRange();
        return new(NodeFacts.Rescaling(x, factors.Shift, factors.First), NodeFacts.Rescaling(y, factors.Shift, factors.Second),
            Multiplier.From(factors.Result), NodeFacts.ZeroPoint(result), low, high);
    }

    public int Apply(int x, int y)
    {
        int difference = First.Apply(x) - Second.Apply(y);
        return Math.Clamp(Multiplier.Apply(difference * difference) + Zero, Low, High);
    }
}
