using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>
/// LSTM, GRU and RNN (tflite-kernels 4.11): unrolled, so that each inference starts from the state that the model says. An LSTM
/// of too many steps becomes TensorFlow Lite's sequence LSTM, whose state survives an inference, and a finding says so.
/// </summary>
internal static class RecurrentImport
{
    private const int MaxUnrolledSteps = 512;

    public static IEnumerable<(string, Action<ImportContext>)> Operators => [("LSTM", Import), ("GRU", Import), ("RNN", Import)];

    private static void Import(ImportContext c)
    {
        Layer layer = Layer.Read(c);
        List<Tensor> sequences = [], lastStates = [], lastCells = [];
        bool wantsCells = c.WantsOutput(2) && c.Uses.IsRead(c.Node.Proto.Output[2]); // exporters name outputs that nothing reads
        bool fused = layer.X.Shape[0] > MaxUnrolledSteps && c.Node.Type == "LSTM" && !wantsCells && layer.StartsAtZero
            && layer.Peepholes is null;
        if (fused)
            c.Findings.Add(new("onnx-recurrent-state", FindingSeverity.Warning,
                $"The LSTM of {layer.X.Shape[0]} steps is too long to be unrolled. As one operator it starts each inference from the state "
                    + $"that the last one left.",
                "Reset the interpreter's variables before each sequence, or use shorter sequences.", c.Source) { Operator = c.Node.Type });
        for (int direction = 0; direction < layer.Directions; direction++)
        {
            bool reverse = layer.Directions == 2 ? direction == 1 : c.Node.Text("direction", "forward") == "reverse";
            Tensor x = reverse ? c.Emit(new ReverseV2(), layer.X, c.Integers(0)) : layer.X;
            (Tensor y, Tensor h, Tensor? cell) = fused ? Sequence(c, layer, x, direction) : Unrolled(c, layer, x, direction);
            sequences.Add(reverse ? c.Emit(new ReverseV2(), y, c.Integers(0)) : y);
            lastStates.Add(h);
            if (cell is not null)
                lastCells.Add(cell);
        }
        int t = layer.X.Shape[0], n = layer.X.Shape[1];
        if (c.WantsOutput(0)) // [T, directions, N, H], or [N, T, directions, H]
        {
            Tensor all = c.Concat(1, [.. sequences.Select(y => c.Reshape(y, [t, 1, n, layer.Hidden]))]);
            c.Output(0, layer.BatchFirst ? c.Transpose(all, 2, 0, 1, 3) : all);
        }
        c.Output(1, States(lastStates));
        if (lastCells.Count > 0)
            c.Output(2, States(lastCells));

        Tensor States(List<Tensor> states)
        {
            Tensor all = c.Concat(0, [.. states.Select(s => c.Reshape(s, [1, n, layer.Hidden]))]);
            return layer.BatchFirst ? c.Transpose(all, 1, 0, 2) : all;
        }
    }

    private static (Tensor, Tensor, Tensor?) Sequence(ImportContext c, Layer layer, Tensor x, int direction)
    {
        int[] blocks = [0, 2, 3, 1]; // ONNX: input, output, forget, cell; TensorFlow Lite: input, forget, cell, output
        var operands = new Tensor?[24];
        operands[0] = x;
        for (int gate = 0; gate < 4; gate++)
        {
            operands[1 + gate] = layer.InputWeights(c, direction, blocks[gate], 1);
            operands[5 + gate] = layer.StateWeights(c, direction, blocks[gate], 1);
            operands[12 + gate] = c.Add(layer.Bias(c, direction, blocks[gate], 1, false), layer.Bias(c, direction, blocks[gate], 1, true));
        }
        string name = c.Node.Proto.Output.First(o => o.Length > 0);
        Shape state = [x.Shape[1], layer.Hidden];
        operands[18] = new Tensor($"{name}/output_state{direction}", ElementType.Float32, state) { IsVariable = true };
        operands[19] = new Tensor($"{name}/cell_state{direction}", ElementType.Float32, state) { IsVariable = true };
        Tensor y = c.Emit(new UnidirectionalSequenceLstm(TimeMajor: true), operands);
        Tensor last = c.Emit(new Slice(), y, c.Integers(x.Shape[0] - 1, 0, 0), c.Integers(1, x.Shape[1], layer.Hidden));
        return (y, last, null);
    }

    private static (Tensor, Tensor, Tensor?) Unrolled(ImportContext c, Layer layer, Tensor x, int direction)
    {
        int steps = x.Shape[0], n = x.Shape[1];
        if (steps > MaxUnrolledSteps)
            throw ImportContext
                .Unsupported($"A sequence of {steps} steps is too long to be unrolled.",
                $"Use at most {MaxUnrolledSteps} steps, or an LSTM without final cell state.");
        bool gru = c.Node.Type == "GRU";
        int gates = gru ? 3 : c.Node.Type == "LSTM" ? 4 : 1;
        Tensor h = layer.Initial(c, 5, direction), cell = gates == 4 ? layer.Initial(c, 6, direction) : h;
        Tensor w = layer.InputWeights(c, direction, 0, gates), r = layer.StateWeights(c, direction, 0, gates);
        Tensor bw = layer.Bias(c, direction, 0, gates, false), br = layer.Bias(c, direction, 0, gates, true);
        Tensor projected = c.Emit(new FullyConnected(), c.Reshape(x, [steps * n, x.Shape[2]]), w, bw); // all steps at once
        List<Tensor> outputs = [];
        for (int t = 0; t < steps; t++)
        {
            Tensor input = steps == 1 ? projected
                : c.Emit(new Slice(), projected, c.Integers(t * n, 0), c.Integers(n, gates * layer.Hidden));
            if (gru)
                h = GruStep(c, layer, input, h, r, br);
            else
                (h, cell) = gates == 4 ? LstmStep(c, input, h, cell, r, br, layer.Peephole(c, direction))
                    : (c.Unary(layer.Activation(c, direction), c.Add(input, c.Emit(new FullyConnected(), h, r, br))), cell);
            outputs.Add(c.Reshape(h, [1, n, layer.Hidden]));
        }
        return (c.Concat(0, outputs), h, gates == 4 ? cell : null);
    }

    private static (Tensor, Tensor) LstmStep(ImportContext c, Tensor input, Tensor h, Tensor cell, Tensor r, Tensor br, Tensor[]? peepholes)
    {
        Tensor[] gates = c.EmitMany(new Split(), 4, c.Scalar(1), c.Add(input, c.Emit(new FullyConnected(), h, r, br)));
        Tensor i = Gate(0, 0, cell), f = Gate(2, 2, cell);
        Tensor next = c.Add(c.Mul(f, cell), c.Mul(i, c.Unary(UnaryKind.Tanh, gates[3])));
        Tensor o = Gate(1, 1, next);
        return (c.Mul(o, c.Unary(UnaryKind.Tanh, next)), next);

        Tensor Gate(int gate, int peephole, Tensor seen) =>
            c.Unary(UnaryKind.Logistic, peepholes is null ? gates[gate] : c.Add(gates[gate], c.Mul(seen, peepholes[peephole])));
    }

    /// <summary>Gates z, r, h; h' = n + z (h − n).</summary>
    private static Tensor GruStep(ImportContext c, Layer layer, Tensor input, Tensor h, Tensor r, Tensor br)
    {
        int n = h.Shape[0], hidden = layer.Hidden;
        Tensor zIn = Part(input, 0), rIn = Part(input, 1), nIn = Part(input, 2);
        Tensor candidate, z, reset;
        if (c.Node.Int("linear_before_reset", 0) != 0)
        {
            Tensor state = c.Emit(new FullyConnected(), h, r, br);
            z = c.Unary(UnaryKind.Logistic, c.Add(zIn, Part(state, 0)));
            reset = c.Unary(UnaryKind.Logistic, c.Add(rIn, Part(state, 1)));
            candidate = c.Add(nIn, c.Mul(reset, Part(state, 2)));
        }
        else
        {
            z = c.Unary(UnaryKind.Logistic, c.Add(zIn, c.Emit(new FullyConnected(), h, Rows(r, 0), Rows(br, 0))));
            reset = c.Unary(UnaryKind.Logistic, c.Add(rIn, c.Emit(new FullyConnected(), h, Rows(r, 1), Rows(br, 1))));
            candidate = c.Add(nIn, c.Emit(new FullyConnected(), c.Mul(reset, h), Rows(r, 2), Rows(br, 2)));
        }
        Tensor next = c.Unary(UnaryKind.Tanh, candidate);
        return c.Add(next, c.Mul(z, c.Sub(h, next)));

        Tensor Part(Tensor x, int gate) => c.Emit(new Slice(), x, c.Integers(0, gate * hidden), c.Integers(n, hidden));

        Tensor Rows(Tensor x, int gate) => x.Shape.Rank == 1
            ? c.Emit(new Slice(), x, c.Integers(gate * hidden), c.Integers(hidden))
            : c.Emit(new Slice(), x, c.Integers(gate * hidden, 0), c.Integers(hidden, x.Shape[1]));
    }

    /// <summary>The operands of a recurrent node, checked; X as [T, N, I].</summary>
    private sealed record Layer(Tensor X, Tensor W, Tensor R, Tensor? B, Tensor? InitialState, Tensor? InitialCell, Tensor? Peepholes,
        int Hidden, int Directions, bool BatchFirst, int Gates, string[]? Activations)
    {
        public static Layer Read(ImportContext c)
        {
            string type = c.Node.Type;
            bool batchFirst = c.Node.Int("layout", 0) != 0;
            Tensor x = c.Input(0), w = c.Input(1), r = c.Input(2);
            int directions = w.Shape.Rank == 3 ? w.Shape[0] : 0, hidden = r.Shape.Rank == 3 ? r.Shape[2] : 0,
                gates = type == "LSTM" ? 4 : type == "GRU" ? 3 : 1;
            string[] usual = type switch { "LSTM" => ["Sigmoid", "Tanh", "Tanh"], "GRU" => ["Sigmoid", "Tanh"], _ => [] };
            string[]? activations = c.Node.Texts("activations");
            if (w.Shape.Rank != 3 || r.Shape.Rank != 3 || x.Shape.Rank != 3 || hidden < 1 || directions is < 1 or > 2)
                throw ImportContext
                    .Unsupported($"Weights {w.Shape} and {r.Shape} do not suit an input {x.Shape}.", "Check the exported model.");
            RecurrentShapes.Require(c, hidden, gates);
            if (activations is { Length: > 0 } && usual.Length > 0
                && activations.Chunk(usual.Length).Any(names => !names.SequenceEqual(usual, StringComparer.OrdinalIgnoreCase)))
                throw ImportContext
                    .Unsupported($"The activations {string.Join(", ", activations)} cannot be expressed.",
                    "Use the usual ones, sigmoid and tanh.");
            if (c.Node.Has("clip") || c.Node.Int("input_forget", 0) != 0)
                throw ImportContext
                    .Unsupported("Clipping and a coupled forget gate cannot be expressed.", "Use PyTorch's nn.LSTM, nn.GRU or nn.RNN.");
            if (c.TryInput(4) is { } lengths
                && (c.Constant(lengths, "sequence lengths").ToInt32Array().Any(length => length != x.Shape[batchFirst ? 1 : 0])))
                throw ImportContext
                    .Unsupported("Sequences of different lengths cannot be expressed.", "Do not pack sequences; use one fixed length.");
            if (batchFirst)
                x = c.Transpose(x, 1, 0, 2);
            return new(x, w, r, c.TryInput(3), c.TryInput(5), c.TryInput(6), c.TryInput(7), hidden, directions, batchFirst, gates,
                activations);
        }

        public UnaryKind Activation(ImportContext c, int direction) =>
            (Activations is { } names && direction < names.Length ? names[direction] : "Tanh").ToUpperInvariant() switch
        {
            "TANH" => UnaryKind.Tanh,
            "RELU" => UnaryKind.Relu,
            "SIGMOID" => UnaryKind.Logistic,
            string other => throw ImportContext.Unsupported($"The activation {other} cannot be expressed.", "Use tanh or relu."),
        };

        public bool StartsAtZero => IsZero(InitialState) && IsZero(InitialCell);

        public Tensor InputWeights(ImportContext c, int direction, int gate, int count) => Part(c, W, direction, gate, count);

        public Tensor StateWeights(ImportContext c, int direction, int gate, int count) => Part(c, R, direction, gate, count);

        /// <summary>What the input, output and forget gates see of the cell; null for the usual LSTM.</summary>
        public Tensor[]? Peephole(ImportContext c, int direction) => Peepholes is null ? null
            : [.. Enumerable.Range(0, 3).Select(gate => c.Reshape(c.Slice(Peepholes, [direction, gate * Hidden], [1, Hidden]), [Hidden]))];

        public Tensor Bias(ImportContext c, int direction, int gate, int count, bool recurrent)
        {
            if (B is null)
                return c.Constant(TensorData.From<float>([count * Hidden], new float[c.Listed((long)count * Hidden)]), "bias");
            Tensor slice = c
                .Emit(new Slice(), B, c.Integers(direction, ((recurrent ? Gates : 0) + gate) * Hidden), c.Integers(1, count * Hidden));
            return c.Reshape(slice, [count * Hidden]);
        }

        public Tensor Initial(ImportContext c, int index, int direction)
        {
            Shape state = [X.Shape[1], Hidden];
            Tensor? all = index == 5 ? InitialState : InitialCell;
            if (all is null)
                return c.Constant(TensorData.From<float>(state, new float[c.Listed(state.ElementCount)]), "state");
            if (BatchFirst)
                all = c.Transpose(all, 1, 0, 2);
            return c.Reshape(Directions == 1 ? all
                : c.Emit(new Slice(), all, c.Integers(direction, 0, 0), c.Integers(1, X.Shape[1], Hidden)), state);
        }

        private Tensor Part(ImportContext c, Tensor weights, int direction, int gate, int count)
        {
            int width = weights.Shape[2];
            Tensor slice = c.Emit(new Slice(), weights, c.Integers(direction, gate * Hidden, 0), c.Integers(1, count * Hidden, width));
            return c.Reshape(slice, [count * Hidden, width]);
        }

        private static bool IsZero(Tensor? state) =>
            state is null || state.Data is { } data && data.Bytes.Span.IndexOfAnyExcept((byte)0) < 0;
    }
}
