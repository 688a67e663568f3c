using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Integer;

/// <summary>PRELU (tflite-kernels 3.5).</summary>
internal readonly record struct PReluFormula(TwoSlopes Slopes, int ZeroX, int ZeroAlpha, int Zero, int Low, int High) : IBinaryFormula
{
    public static PReluFormula Make(NodeFacts facts)
    {
        Tensor x = facts.Input(0), alpha = facts.Input(1), result = facts.Output;
        double input = NodeFacts.Scale(x), output = NodeFacts.Scale(result);
        (int low, int high) = result.Type.IntegerRange();
        return new(new(input / output, input * NodeFacts.Scale(alpha) / output),
            NodeFacts.ZeroPoint(x), NodeFacts.ZeroPoint(alpha), NodeFacts.ZeroPoint(result), low, high);
    }

    public int Apply(int x, int y) => Math.Clamp(Slopes.Apply(x - ZeroX, y - ZeroAlpha) + Zero, Low, High);
}
