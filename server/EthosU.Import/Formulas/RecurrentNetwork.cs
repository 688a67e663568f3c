using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>
/// LSTM, GRU and RNN (tflite-kernels 4.11): unrolled, so that each inference starts from the state that the model says. An LSTM
/// of too many steps becomes TensorFlow Lite's sequence LSTM, whose state survives an inference, and a finding says so.
/// </summary>
public static class RecurrentNetwork
{
    private const int MaxUnrolledSteps = 512;

    /// <summary>Runs a layer.</summary>
    /// <exception cref="UnsupportedOperatorException">It has too many steps.</exception>
    public static RecurrentResult Of(GraphEmitter g, RecurrentLayer layer)
    {
        List<Tensor> sequences = [], lastStates = [], lastCells = [];
        bool fused = layer.Steps > MaxUnrolledSteps && layer.Kind == RecurrentKind.Lstm && !layer.WantsCell
            && IsZero(layer.InitialState) && IsZero(layer.InitialCell) && layer.Peepholes is null && layer.Projection is null;
        if (fused)
            g.Findings.Add(new(g.FrontEnd.RecurrentStateRule, FindingSeverity.Warning,
                $"The LSTM of {layer.Steps} steps is too long to be unrolled. As one operator it starts each inference from the state "
                    + $"that the last one left.",
                "Reset the interpreter's variables before each sequence, or use shorter sequences.", g.At.Source) { Operator = g.At.Type });
        for (int direction = 0; direction < layer.Directions; direction++)
        {
            bool reverse = layer.Directions == 2 ? direction == 1 : layer.IsReverse;
            (Tensor y, Tensor h, Tensor? cell) = !fused ? Unrolled(g, layer, direction, reverse)
                : Sequence(g, layer, reverse ? g.Emit(new ReverseV2(), layer.X, g.Integers(0)) : layer.X, direction);
            sequences.Add(fused && reverse ? g.Emit(new ReverseV2(), y, g.Integers(0)) : y);
            lastStates.Add(h);
            if (cell is not null)
                lastCells.Add(cell);
        }
        (int t, int n, int width) = (layer.Steps, layer.Batch, layer.StateWidth);
        Tensor? all = null;
        if (layer.WantsAll)
        {
            all = g.Concat(1, [.. sequences.Select(y => g.Reshape(y, [t, 1, n, width]))]);
            all = layer.IsBatchFirst ? g.Transpose(all, 2, 0, 1, 3) : all;
        }
        Tensor last = States(lastStates);
        return new(all, last, lastCells.Count > 0 ? States(lastCells) : null);

        Tensor States(List<Tensor> states)
        {
            Tensor joined = g.Concat(0, [.. states.Select(s => g.Reshape(s, [1, n, checked((int)(s.Shape.ElementCount / n))]))]);
            return layer.IsBatchFirst ? g.Transpose(joined, 1, 0, 2) : joined;
        }
    }

    private static (Tensor, Tensor, Tensor?) Sequence(GraphEmitter g, RecurrentLayer layer, Tensor x, int direction)
    {
        (int input, int forget, int cell, int output) = layer.Gates.Lstm;
        int[] gates = [input, forget, cell, output]; // TensorFlow Lite's order
        var operands = new Tensor?[24];
        operands[0] = x;
        for (int gate = 0; gate < 4; gate++)
        {
            operands[1 + gate] = Rows(g, layer.InputWeights, layer, direction, gates[gate], 1);
            operands[5 + gate] = Rows(g, layer.StateWeights, layer, direction, gates[gate], 1);
            operands[12 + gate] = g.Add(Bias(g, layer, direction, gates[gate], 1, false), Bias(g, layer, direction, gates[gate], 1, true));
        }
        string name = g.At.ValueName;
        Shape state = [x.Shape[1], layer.Hidden];
        operands[18] = new Tensor($"{name}/output_state{direction}", ElementType.Float32, state) { IsVariable = true };
        operands[19] = new Tensor($"{name}/cell_state{direction}", ElementType.Float32, state) { IsVariable = true };
        Tensor y = g.Emit(new UnidirectionalSequenceLstm(TimeMajor: true), operands);
        Tensor last = g.Emit(new Slice(), y, g.Integers(x.Shape[0] - 1, 0, 0), g.Integers(1, x.Shape[1], layer.Hidden));
        return (y, last, null);
    }

    /// <summary>A layer step by step, from the first or from the last one on; results lie in the order of the sequence.</summary>
    private static (Tensor, Tensor, Tensor?) Unrolled(GraphEmitter g, RecurrentLayer layer, int direction, bool reverse)
    {
        Tensor x = layer.X;
        int steps = x.Shape[0], n = x.Shape[1], gates = layer.GateCount;
        if (steps > MaxUnrolledSteps)
            throw new UnsupportedOperatorException($"A sequence of {steps} steps is too long to be unrolled.",
                $"Use at most {MaxUnrolledSteps} steps, or an LSTM without final cell state.");
        bool isLstm = layer.Kind == RecurrentKind.Lstm;
        Tensor h = Initial(g, layer, layer.InitialState, direction, layer.StateWidth),
            cell = isLstm ? Initial(g, layer, layer.InitialCell, direction, layer.Hidden) : h;
        Tensor w = Rows(g, layer.InputWeights, layer, direction, 0, gates), r = Rows(g, layer.StateWeights, layer, direction, 0, gates);
        Tensor bw = Bias(g, layer, direction, 0, gates, false), br = Bias(g, layer, direction, 0, gates, true);
        Tensor projected = g.Emit(new FullyConnected(), g.Reshape(x, [steps * n, x.Shape[2]]), w, bw); // all steps at once
        Tensor? projection = layer.Projection is { } all
            ? g.Reshape(g.SliceAxis(all, 0, direction, 1), [layer.StateWidth, layer.Hidden]) : null;
        var outputs = new Tensor[steps];
        for (int step = 0; step < steps; step++)
        {
            int t = reverse ? steps - 1 - step : step;
            Tensor input = steps == 1 ? projected
                : g.Emit(new Slice(), projected, g.Integers(t * n, 0), g.Integers(n, gates * layer.Hidden));
            switch (layer.Kind)
            {
                case RecurrentKind.Gru:
                    h = GruStep(g, layer, input, h, r, br);
                    break;
                case RecurrentKind.Lstm:
                    (h, cell) = LstmStep(g, layer, input, h, cell, r, br, Peepholes(g, layer, direction));
                    h = projection is null ? h : g.Emit(new FullyConnected(), h, projection, null);
                    break;
                default:
                    h = g.Unary(layer.Activations[direction], g.Add(input, g.Emit(new FullyConnected(), h, r, br)));
                    break;
            }
            outputs[t] = g.Reshape(h, [1, n, layer.StateWidth]);
        }
        return (g.Concat(0, outputs), h, isLstm ? cell : null);
    }

    private static (Tensor, Tensor) LstmStep(GraphEmitter g, RecurrentLayer layer, Tensor input, Tensor h, Tensor cell, Tensor r, Tensor br,
        Tensor[]? peepholes)
    {
        var order = layer.Gates.Lstm;
        Tensor[] gates = g.EmitMany(new Split(), 4, g.Scalar(1), g.Add(input, g.Emit(new FullyConnected(), h, r, br)));
        Tensor i = Gate(order.Input, 0, cell), f = Gate(order.Forget, 2, cell);
        Tensor next = g.Add(g.Mul(f, cell), g.Mul(i, g.Unary(UnaryKind.Tanh, gates[order.Cell])));
        Tensor o = Gate(order.Output, 1, next);
        return (g.Mul(o, g.Unary(UnaryKind.Tanh, next)), next);

        Tensor Gate(int gate, int peephole, Tensor seen) =>
            g.Unary(UnaryKind.Logistic, peepholes is null ? gates[gate] : g.Add(gates[gate], g.Mul(seen, peepholes[peephole])));
    }

    /// <summary>h' = n + z (h − n), n being the candidate and z the update gate.</summary>
    private static Tensor GruStep(GraphEmitter g, RecurrentLayer layer, Tensor input, Tensor h, Tensor r, Tensor br)
    {
        int n = h.Shape[0], hidden = layer.Hidden;
        (int update, int reset, int candidate) = layer.Gates.Gru;
        Tensor zIn = Part(input, update), rIn = Part(input, reset), nIn = Part(input, candidate);
        Tensor proposed, z, resets;
        if (layer.ResetsLate)
        {
            Tensor state = g.Emit(new FullyConnected(), h, r, br);
            z = g.Unary(UnaryKind.Logistic, g.Add(zIn, Part(state, update)));
            resets = g.Unary(UnaryKind.Logistic, g.Add(rIn, Part(state, reset)));
            proposed = g.Add(nIn, g.Mul(resets, Part(state, candidate)));
        }
        else
        {
            z = g.Unary(UnaryKind.Logistic, g.Add(zIn, g.Emit(new FullyConnected(), h, Gate(r, update), Gate(br, update))));
            resets = g.Unary(UnaryKind.Logistic, g.Add(rIn, g.Emit(new FullyConnected(), h, Gate(r, reset), Gate(br, reset))));
            proposed = g.Add(nIn, g.Emit(new FullyConnected(), g.Mul(resets, h), Gate(r, candidate), Gate(br, candidate)));
        }
        Tensor next = g.Unary(UnaryKind.Tanh, proposed);
        return g.Add(next, g.Mul(z, g.Sub(h, next)));

        Tensor Part(Tensor x, int gate) => g.Emit(new Slice(), x, g.Integers(0, gate * hidden), g.Integers(n, hidden));

        Tensor Gate(Tensor x, int gate) => x.Shape.Rank == 1
            ? g.Emit(new Slice(), x, g.Integers(gate * hidden), g.Integers(hidden))
            : g.Emit(new Slice(), x, g.Integers(gate * hidden, 0), g.Integers(hidden, x.Shape[1]));
    }

    private static Tensor[]? Peepholes(GraphEmitter g, RecurrentLayer layer, int direction) => layer.Peepholes is not { } all ? null
        : [.. Enumerable.Range(0, 3).Select(gate =>
            g.Reshape(g.Slice(all, [direction, gate * layer.Hidden], [1, layer.Hidden]), [layer.Hidden]))];

    private static Tensor Bias(GraphEmitter g, RecurrentLayer layer, int direction, int gate, int count, bool ofState)
    {
        int hidden = layer.Hidden;
        if (layer.Bias is not { } all)
            return g.Constant(TensorData.From<float>([count * hidden], new float[g.Listed((long)count * hidden)]), "bias");
        Tensor slice = g.Emit(new Slice(), all, g.Integers(direction, ((ofState ? layer.GateCount : 0) + gate) * hidden),
            g.Integers(1, count * hidden));
        return g.Reshape(slice, [count * hidden]);
    }

    private static Tensor Initial(GraphEmitter g, RecurrentLayer layer, Tensor? all, int direction, int width)
    {
        Shape state = [layer.Batch, width];
        if (all is null)
            return g.Constant(TensorData.From<float>(state, new float[g.Listed(state.ElementCount)]), "state");
        if (layer.IsBatchFirst)
            all = g.Transpose(all, 1, 0, 2);
        return g.Reshape(layer.Directions == 1 ? all
            : g.Emit(new Slice(), all, g.Integers(direction, 0, 0), g.Integers(1, layer.Batch, width)), state);
    }

    private static Tensor Rows(GraphEmitter g, Tensor weights, RecurrentLayer layer, int direction, int gate, int count)
    {
        int width = weights.Shape[2], hidden = layer.Hidden;
        Tensor slice = g.Emit(new Slice(), weights, g.Integers(direction, gate * hidden, 0), g.Integers(1, count * hidden, width));
        return g.Reshape(slice, [count * hidden, width]);
    }

    private static bool IsZero(Tensor? state) =>
        state is null || state.Data is { } data && data.Bytes.Span.IndexOfAnyExcept((byte)0) < 0;
}
