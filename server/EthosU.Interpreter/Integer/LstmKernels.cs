using System.Numerics;
using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>UNIDIRECTIONAL_SEQUENCE_LSTM of int8 or int16 activations and 8-bit weights (tflite-kernels 3.12).</summary>
internal static class LstmKernels
{
    private const int InputGate = 0, ForgetGate = 1, CellGate = 2, OutputGate = 3;
    private const int OutputState = 18, CellState = 19;

    public static PreparedKernel? Prepare(NodeFacts facts)
    {
        var op = (UnidirectionalSequenceLstm)facts.Operator;
        Tensor x = facts.Input(0), hidden = facts.Input(OutputState), cell = facts.Input(CellState), y = facts.Output;
        if (y.Type != x.Type || hidden.Type != x.Type || cell.Type != ElementType.Int16)
            return null;
        if (x.Shape.Rank != 3 || hidden.Shape.Rank != 2 || cell.Shape != hidden.Shape || !hidden.IsVariable || !cell.IsVariable
            || y.Shape != x.Shape.With(2, hidden.Shape[1]) || hidden.Shape[0] != x.Shape[op.TimeMajor ? 1 : 0])
            throw new KernelRefusedException($"Input {x.Shape}, state {hidden.Shape} and result {y.Shape} do not suit each other.");
        for (int i = 9; i < 24; i++)
            if (i is not (>= 12 and <= 15) and not OutputState and not CellState && facts.TryInput(i) is not null)
                throw new KernelRefusedException("Peephole weights, projection and layer normalization have no integer kernel.");
        int depth = x.Shape[2], units = hidden.Shape[1];
        float scaleCell = NodeFacts.Scale(cell), scaleHidden = NodeFacts.Scale(hidden);
        // A scale beside a power of two is taken for the nearest one by the function of the cell state alone.
        int power = WideSigmoid.PowerOfState(scaleCell);
        if (power is < -30 or > 15)
            throw new KernelRefusedException($"The cell state's scale {scaleCell} is beyond what its kernel takes.");
        var gates = new Gate[4];
        for (int gate = 0; gate < 4; gate++)
            gates[gate] = new(Product(facts, 1 + gate, x, depth, units, facts.TryInput(12 + gate)),
                Product(facts, 5 + gate, hidden, units, units, null));
        double unit = Math.ScaleB(1, -15);
        Sizes sizes = new(
            op.TimeMajor ? x.Shape[0] : x.Shape[1], op.TimeMajor ? x.Shape[1] : x.Shape[0], depth, units, op.TimeMajor,
            NodeFacts.ZeroPoint(x), NodeFacts.ZeroPoint(hidden), gates,
            Multiplier.From(unit * scaleCell / scaleCell), Multiplier.From(unit * unit / scaleCell),
            Multiplier.From(unit * unit / scaleHidden),
            op.CellClip > 0 ? (int)Math.Clamp(op.CellClip / scaleCell, -32768f, 32767f) : 0,
            WideSigmoid.At(WideSigmoid.StateFactor(power), tanh: true));
        int scratch = checked(4 * units * sizeof(int));
        return x.Type == ElementType.Int8 ? new(frame => Run<sbyte>(frame, sizes), scratch)
            : new(frame => Run<short>(frame, sizes), scratch);
    }

    private static GateProduct Product(NodeFacts facts, int index, Tensor x, int depth, int units, Tensor? bias)
    {
        Tensor tensor = facts.Input(index);
        if (tensor.Shape != new Shape([units, depth]))
            throw new KernelRefusedException($"Weights '{tensor.Name}' are {tensor.Shape}, expected is [{units}, {depth}].");
        sbyte[] weights = Weights.TryRead(tensor) ?? throw new KernelRefusedException($"The weights '{tensor.Name}' must be a constant.");
        if (bias is not null
            && (bias.Data is null || bias.Shape.ElementCount != units || bias.Type is not (ElementType.Int32 or ElementType.Int64)))
            throw new KernelRefusedException($"The bias '{bias.Name}' must be {units} constant integers.");
        double factor = (double)NodeFacts.Scale(x) * NodeFacts.Scale(tensor) / Math.ScaleB(1, -12);
        var multiplier = Multiplier.From(factor);
        return x.Type == ElementType.Int16 && multiplier.Shift >= 8
            ? throw new KernelRefusedException($"The quotient of its scales, {factor:G4}, is too large for 64-bit sums.")
            : new(weights, multiplier, bias?.Data?.ToInt64Array() ?? new long[units]);
    }

    private static void Run<T>(Frame frame, Sizes s) where T : unmanaged, IBinaryInteger<T>
    {
        ReadOnlySpan<T> x = frame.Input<T>(0);
        Span<T> y = frame.Output<T>(), hidden = frame.State<T>(OutputState);
        Span<short> cells = frame.State<short>(CellState);
        for (int n = 0; n < s.Batch; n++)
            for (int t = 0; t < s.Steps; t++)
            {
                int row = s.TimeMajor ? (t * s.Batch) + n : (n * s.Steps) + t;
                Span<T> state = hidden.Slice(n * s.Units, s.Units);
                Step(s, x.Slice(row * s.Depth, s.Depth), state, cells.Slice(n * s.Units, s.Units), frame.Scratch<int>());
                state.CopyTo(y[(row * s.Units)..]);
            }
    }

    private static void Step<T>(Sizes s, ReadOnlySpan<T> x, Span<T> hidden, Span<short> cells, Span<int> gates)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int gate = 0; gate < 4; gate++)
            for (int unit = 0; unit < s.Units; unit++)
            {
                int sum = FixedPoint
                    .Saturate16(s.Gates[gate].Input.Apply(x, s.ZeroX, unit) + s.Gates[gate].Recurrent.Apply<T>(hidden, s.ZeroHidden, unit));
                gates[(gate * s.Units) + unit] = gate == CellGate ? Gate.Tanh(sum) : Gate.Logistic(sum);
            }
        for (int unit = 0; unit < s.Units; unit++)
        {
            int kept = FixedPoint.Saturate16(s.Forget.Apply(gates[(ForgetGate * s.Units) + unit] * cells[unit]));
            int added = FixedPoint.Saturate16(s.Update.Apply(gates[(InputGate * s.Units) + unit] * gates[(CellGate * s.Units) + unit]));
            int cell = FixedPoint.Saturate16(kept + added);
            cells[unit] = (short)(s.CellClip > 0 ? Math.Clamp(cell, -s.CellClip, s.CellClip) : cell);
            int result = s.Output.Apply(s.CellTanh(cells[unit]) * gates[(OutputGate * s.Units) + unit]) + s.ZeroHidden;
            hidden[unit] = T
                .CreateTruncating(typeof(T) == typeof(sbyte) ? Math.Clamp(result, sbyte.MinValue, sbyte.MaxValue)
                : FixedPoint.Saturate16(result));
        }
    }

    private sealed record Sizes(int Steps, int Batch, int Depth, int Units, bool TimeMajor, int ZeroX, int ZeroHidden, Gate[] Gates,
        Multiplier Forget, Multiplier Update, Multiplier Output, int CellClip, Func<int, int> CellTanh);

    private sealed record Gate(GateProduct Input, GateProduct Recurrent)
    {
        public static readonly Func<int, int> Logistic = WideSigmoid.At((3, 0), tanh: false), Tanh = WideSigmoid.At((3, 0), tanh: true);
    }
}
