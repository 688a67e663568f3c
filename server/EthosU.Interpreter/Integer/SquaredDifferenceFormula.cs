using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>SQUARED_DIFFERENCE (tflite-kernels 3.4).</summary>
internal readonly record struct SquaredDifferenceFormula(Rescaling First, Rescaling Second, Multiplier Multiplier, int Zero, int Low, int High) : IBinaryFormula
{
    public static SquaredDifferenceFormula Make(NodeFacts facts)
    {
        Tensor x = facts.Input(0), y = facts.Input(1), result = facts.Output;
        int shift = x.Type == ElementType.Int8 ? 7 : 0;
        double s1 = NodeFacts.Scale(x), s2 = NodeFacts.Scale(y), twice = 2 * Math.Max(s1, s2);
        (int low, int high) = result.Type.IntegerRange();
        return new(new(x, shift, Multiplier.SmallerThanOne(s1 / twice)), new(y, shift, Multiplier.SmallerThanOne(s2 / twice)),
            Multiplier.From(twice * twice / ((1 << (2 * shift)) * (double)NodeFacts.Scale(result))), NodeFacts.ZeroPoint(result), low, high);
    }

    public int Apply(int x, int y)
    {
        int difference = First.Apply(x) - Second.Apply(y);
        return Math.Clamp(Multiplier.Apply(difference * difference) + Zero, Low, High);
    }
}
