using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Integer;

/// <summary>MUL (tflite-kernels 3.4).</summary>
internal readonly record struct MultiplyFormula(Multiplier Multiplier, int ZeroX, int ZeroY, int Zero, int Low, int High) : IBinaryFormula
{
    public static MultiplyFormula Make(NodeFacts facts, Binary op)
    {
        Tensor x = facts.Input(0), y = facts.Input(1), result = facts.Output;
        var multiplier = Multiplier.From((double)NodeFacts.Scale(x) * NodeFacts.Scale(y) / NodeFacts.Scale(result));
        (int low, int high) = NodeFacts.ActivationRange(op.Activation, result);
        return new(multiplier, NodeFacts.ZeroPoint(x), NodeFacts.ZeroPoint(y), NodeFacts.ZeroPoint(result), low, high);
    }

    public int Apply(int x, int y) => Math.Clamp(Multiplier.Apply((x - ZeroX) * (y - ZeroY)) + Zero, Low, High);
}
