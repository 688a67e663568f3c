using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>ADD and SUB (tflite-kernels 3.4); the rescaled 8-bit operands come from tables.</summary>
internal readonly struct AddFormula : IBinaryFormula
{
    private readonly Rescaling first, second;
    private readonly Multiplier output;
    private readonly int zero, low, high, sign;

    private AddFormula(Rescaling first, Rescaling second, Multiplier output, int zero, int low, int high, int sign) =>
        (this.first, this.second, this.output, this.zero, this.low, this.high, this.sign) = (first, second, output, zero, low, high, sign);

    public static AddFormula Make(NodeFacts facts, Binary op)
    {
        Tensor x = facts.Input(0), y = facts.Input(1), result = facts.Output;
        float s1 = NodeFacts.Scale(x), s2 = NodeFacts.Scale(y), s = NodeFacts.Scale(result);
        int shift = x.Type == ElementType.Int8 ? 20 : 15;
        double twice = 2.0 * Math.Max(s1, s2);
        (int low, int high) = NodeFacts.ActivationRange(op.Activation, result);
        return new(new(x, shift, Multiplier.SmallerThanOne(s1 / twice)), new(y, shift, Multiplier.SmallerThanOne(s2 / twice)),
            Multiplier.SmallerThanOne(twice / ((1 << shift) * (double)s)), NodeFacts.ZeroPoint(result), low, high, op.Kind == BinaryKind.Add ? 1 : -1);
    }

    public int Apply(int x, int y) => Math.Clamp(output.Apply(first.Apply(x) + (sign * second.Apply(y))) + zero, low, high);
}
