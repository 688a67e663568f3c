using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>PRELU (tflite-kernels 3.5).</summary>
internal readonly record struct PReluFormula(Multiplier Positive, Multiplier Negative, int ZeroX, int ZeroAlpha, int Zero, int Low, int High) : IBinaryFormula
{
    public static PReluFormula Make(NodeFacts facts)
    {
        Tensor x = facts.Input(0), alpha = facts.Input(1), result = facts.Output;
        double input = NodeFacts.Scale(x), output = NodeFacts.Scale(result);
        (int low, int high) = result.Type.IntegerRange();
        return new(Multiplier.From(input / output), Multiplier.From(input * NodeFacts.Scale(alpha) / output),
            NodeFacts.ZeroPoint(x), NodeFacts.ZeroPoint(alpha), NodeFacts.ZeroPoint(result), low, high);
    }

    public int Apply(int x, int y)
    {
        int value = x - ZeroX;
        value = value >= 0 ? Positive.Apply(value) : Negative.Apply(value * (y - ZeroAlpha));
        return Math.Clamp(value + Zero, Low, High);
    }
}
