using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

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
        var factors = OperandFactors.OfSum(NodeFacts.Scale(x), NodeFacts.Scale(y), NodeFacts.Scale(result), x.Type == ElementType.Int16);
        (int low, int high) = NodeFacts.ActivationRange(op.Activation, result);
        return new(NodeFacts.Rescaling(x, factors.Shift, factors.First), NodeFacts.Rescaling(y, factors.Shift, factors.Second),
            Multiplier.SmallerThanOne(factors.Result), NodeFacts.ZeroPoint(result), low, high, op.Kind == BinaryKind.Add ? 1 : -1);
    }

    public int Apply(int x, int y) => Math.Clamp(output.Apply(first.Apply(x) + (sign * second.Apply(y))) + zero, low, high);
}
