using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>Rules on UNIDIRECTIONAL_SEQUENCE_LSTM (npu-operators 1.18).</summary>
internal static class RecurrentRules
{
    private const long MaxBias = (1L << 39) - 1;
    private const int MinCellPower = -30, MaxCellPower = 15;
    private const string Standard = "Use a plain nn.LSTM.";

    /// <summary>The operator.</summary>
    public static ImmutableArray<SupportRule> Lstm { get; } =
    [
        new("npu-lstm-type", n => n.Input(0).Type is ElementType.Int8 or ElementType.Int16 && n.Output.Type == n.Input(0).Type ? null
            : $"The LSTM is of {n.Input(0).Type.DisplayName()} data.", "Use int8 or int16 for input and output."),
        new("npu-lstm-inputs", n => n.Inputs.Length == 24 && n.Intermediates.Length == 5 && n.Input(0).Shape.Rank == 3 ? null
            : $"The LSTM has {n.Inputs.Length} inputs and {n.Intermediates.Length} intermediate tensors.",
            "Convert to a full integer LSTM with input [batch, time, features]."),
        new("npu-lstm-state",
            n => n.TryInput(18) is { IsVariable: true } && n.TryInput(19) is { IsVariable: true } ? null
                : "The LSTM's states are not variables.", "Keep the state tensors when converting."),
        new("npu-lstm-state-form", States,
            "Convert the model again: the hidden state has the type of the input, the cell state is int16 and its scale a power of two."),
        new("npu-lstm-cifg", n => n.TryInput(1) is null ? "The LSTM couples its input and forget gates." : null, Standard),
        new("npu-lstm-peephole", n => Any(n, 9, 11) ? "The LSTM has peephole connections." : null, Standard),
        new("npu-lstm-projection", n => Any(n, 16, 17) ? "The LSTM has a projection." : null, "Use proj_size=0 and an nn.Linear after it."),
        new("npu-lstm-norm", n => Any(n, 20, 23) ? "The LSTM has layer normalisation inside." : null, Standard),
        new("npu-lstm-weights",
            n => Enumerable.Range(2, 7).All(i => n.TryInput(i) is { IsConstant: true, Shape.Rank: 2 }) ? null
                : "Weights of the LSTM's gates are missing or not constant matrices.", Standard),
        new("npu-lstm-weight-form", Weights, "Convert the model again, with 8-bit weights and 32-bit biases for every gate."),
    ];

    private static string? States(Node node)
    {
        var op = (UnidirectionalSequenceLstm)node.Operator;
        if (node.TryInput(18) is not { } hidden || node.TryInput(19) is not { } cell || node.Input(0).Shape.Rank != 3)
            return null; // npu-lstm-state
        if (hidden.Type != node.Input(0).Type || cell.Type != ElementType.Int16)
            return $"The LSTM's states '{hidden.Name}' and '{cell.Name}' are {hidden.Type.DisplayName()} and {cell.Type.DisplayName()}.";
        if (hidden.Shape.Rank != 2 || cell.Shape != hidden.Shape || hidden.Shape[0] != node.Input(0).Shape[op.TimeMajor ? 1 : 0]
            || node.Output.Shape != node.Input(0).Shape.With(2, hidden.Shape[1]))
            return $"The LSTM's states {hidden.Shape} and {cell.Shape} do not suit its input {node.Input(0).Shape} and result "
                + $"{node.Output.Shape}.";
        if (hidden.Quantization is not { IsPerAxis: false } || cell.Quantization is not { IsPerAxis: false })
            return $"The LSTM's states '{hidden.Name}' and '{cell.Name}' are not both quantized with one scale.";
        float cellScale = cell.Quantization.Scale, hiddenScale = hidden.Quantization.Scale;
        double power = Math.Round(Math.Log2(cellScale));
        if (!(power is >= MinCellPower and <= MaxCellPower) || Math.Abs(cellScale - Math.ScaleB(1, (int)power)) > cellScale * 1e-3)
            return FormattableString
                .Invariant($"The LSTM's cell state '{cell.Name}' has the scale {cellScale}, which is no power of two from 2^{MinCellPower} to 2^{MaxCellPower}.");
        (int min, int max) = hidden.Type.IntegerRange();
        if (!float.IsNormal(hiddenScale) || !(hiddenScale > 0) || hidden.Quantization.ZeroPoints[0] < min
            || hidden.Quantization.ZeroPoints[0] > max || cell.Quantization.ZeroPoints[0] != 0)
            return $"The LSTM's states '{hidden.Name}' ({hidden.Quantization}) and '{cell.Name}' ({cell.Quantization}) cannot be computed "
                + $"with.";
        return float.IsNaN(op.CellClip) ? "The LSTM clips its cell state at NaN." : null;
    }

    private static string? Weights(Node node)
    {
        if (node.TryInput(18) is not { Shape: { Rank: 2 } state } hidden || node.Input(0) is not { Shape.Rank: 3 } input)
            return null; // npu-lstm-state-form
        int units = state[1];
        for (int gate = 0; gate < 4; gate++)
        {
            if ((Matrix(node.TryInput(1 + gate), units, input) ?? Matrix(node.TryInput(5 + gate), units, hidden)) is { } reason)
                return reason;
            if (node.TryInput(12 + gate) is not { } bias)
                continue;
            if (bias.Type is not (ElementType.Int32 or ElementType.Int64) || bias.Data is not { } values
                || bias.Shape.ElementCount != units)
                return $"The bias '{bias.Name}' of a gate is {bias.Type.DisplayName()}{bias.Shape}; {units} constants of int32 or int64 "
                    + $"are expected.";
            foreach (long value in values.ToInt64Array())
                if (value is < -MaxBias or > MaxBias)
                    return $"The bias '{bias.Name}' of a gate holds {value}, beyond 40 bits.";
        }
        return null;
    }

    private static string? Matrix(Tensor? weights, int units, Tensor from)
    {
        if (weights is null)
            return null; // npu-lstm-cifg, npu-lstm-weights
        if (weights.Type is not ElementType.Int8 || weights.Shape.Rank != 2 || weights.Shape[0] != units
            || weights.Shape[1] != from.Shape[-1])
            return $"The weights '{weights.Name}' of a gate are {weights.Type.DisplayName()}{weights.Shape}; int8[{units}, "
                + $"{from.Shape[-1]}] is expected.";
        if (weights.Quantization is not { IsPerAxis: false } quantization || quantization.ZeroPoints[0] != 0 || !(quantization.Scale >= 0)
            || !float.IsFinite(quantization.Scale))
            return $"The weights '{weights.Name}' of a gate are not quantized with one scale and the zero point 0.";
        double factor = 4096.0 * quantization.Scale * (from.Quantization?.Scale ?? 0);
        return factor < (from.Type == ElementType.Int16 ? 1 << 15 : 1L << 31) ? null
            : FormattableString
            .Invariant($"The weights '{weights.Name}' of a gate have the scale {quantization.Scale}, for which there is no multiplier.");
    }

    private static bool Any(Node node, int first, int last) =>
        Enumerable.Range(first, last - first + 1).Any(i => node.TryInput(i) is not null);
}
