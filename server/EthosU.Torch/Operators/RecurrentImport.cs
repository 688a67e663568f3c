using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;
using EthosU.Torch.Import;

namespace EthosU.Torch.Operators;

/// <summary>Whole recurrent layers, and single steps of them (pt2-format 6).</summary>
internal static class RecurrentImport
{
    private const string Layers = "input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first";
    private const string Cell = "input, hx, w_ih, w_hh, b_ih=None, b_hh=None";

    public static IEnumerable<OperatorImporter> Operators =>
    [
        new("aten.lstm.input", Layers, static c => Stack(c, RecurrentKind.Lstm, UnaryKind.Tanh)),
        new("aten.gru.input", Layers, static c => Stack(c, RecurrentKind.Gru, UnaryKind.Tanh)),
        new("aten.rnn_tanh.input", Layers, static c => Stack(c, RecurrentKind.Simple, UnaryKind.Tanh)),
        new("aten.rnn_relu.input", Layers, static c => Stack(c, RecurrentKind.Simple, UnaryKind.Relu)),
        new("aten.lstm_cell.default", Cell, static c => Step(c, RecurrentKind.Lstm, UnaryKind.Tanh)),
        new("aten.gru_cell.default", Cell, static c => Step(c, RecurrentKind.Gru, UnaryKind.Tanh)),
        new("aten.rnn_tanh_cell.default", Cell, static c => Step(c, RecurrentKind.Simple, UnaryKind.Tanh)),
        new("aten.rnn_relu_cell.default", Cell, static c => Step(c, RecurrentKind.Simple, UnaryKind.Relu)),
        .. ((string[])["lstm", "gru", "rnn_tanh", "rnn_relu"]).Select(static name => new OperatorImporter($"aten.{name}.data",
            "data, batch_sizes, hx, params, has_biases, num_layers, dropout, train, bidirectional", static _ =>
                throw new UnsupportedOperatorException("Packed sequences cannot be expressed.",
                    "Do not pack sequences; use one fixed length."))),
    ];

    private static void Stack(ProgramContext c, RecurrentKind kind, UnaryKind activation)
    {
        Tensor x = c.Real("input");
        bool isLstm = kind == RecurrentKind.Lstm, batchFirst = c.Flag("batch_first"), biased = c.Flag("has_biases"),
            single = x.Shape.Rank == 2;
        Tensor[] states = isLstm ? c.Tensors("hx") : [c.Real("hx")], weights = c.Tensors("params");
        int layers = c.Int("num_layers"), directions = c.Flag("bidirectional") ? 2 : 1;
        if (c.Flag("train") && c.Double("dropout") > 0 && layers > 1)
            throw Refusals.Training("recurrent dropout");
        if (single)
        {
            x = c.Reshape(x, batchFirst ? [1, .. x.Shape] : [x.Shape[0], 1, x.Shape[1]]);
            states = [.. states.Select(s => s.Shape.Rank == 2 ? c.Reshape(s, [s.Shape[0], 1, s.Shape[1]]) : s)];
        }
        int cells = layers * directions, each = layers < 1 ? 0 : weights.Length / Math.Max(1, cells), plain = biased ? 4 : 2;
        if (x.Shape.Rank != 3 || cells < 1 || weights.Length != (long)each * cells || (each != plain && !(isLstm && each == plain + 1))
            || states.Length != (isLstm ? 2 : 1) || states.Any(s => s.Shape.Rank != 3 || s.Shape[0] != cells))
            throw new UnsupportedOperatorException($"Its {weights.Length} weights and {states.Length} states do not suit {layers} layers.",
                "Check the exported program.");
        if (batchFirst)
            x = c.Transpose(x, 1, 0, 2);
        List<Tensor> last = [], lastCells = [];
        for (int layer = 0; layer < layers; layer++)
        {
            Tensor[][] parts = [.. weights.Skip(layer * directions * each).Take(directions * each).Chunk(each)];
            RecurrentResult result = RecurrentNetwork.Of(c, Layer(c, kind, x, parts, biased, activation) with
            {
                InitialState = c.SliceAxis(states[0], 0, layer * directions, directions),
                InitialCell = isLstm ? c.SliceAxis(states[1], 0, layer * directions, directions) : null,
                WantsCell = c.Wants(2),
            });
            Tensor all = result.All!;
            x = c.Reshape(c.Transpose(all, 0, 2, 1, 3), [all.Shape[0], all.Shape[2], checked(all.Shape[1] * all.Shape[3])]);
            last.Add(result.Last);
            if (result.LastCell is { } cell)
                lastCells.Add(cell);
        }
        x = batchFirst ? c.Transpose(x, 1, 0, 2) : x;
        c.Result(single ? c.Reshape(x, x.Shape.Without(batchFirst ? 0 : 1)) : x);
        Give(last);
        if (!isLstm)
            return;
        if (lastCells.Count == layers)
            Give(lastCells);
        else
            c.NoResult();

        void Give(List<Tensor> ends)
        {
            Tensor joined = c.Concat(0, ends);
            c.Result(single ? c.Reshape(joined, joined.Shape.Without(1)) : joined);
        }
    }

    private static RecurrentLayer Layer(ProgramContext c, RecurrentKind kind, Tensor x, Tensor[][] directions, bool biased,
        UnaryKind activation)
    {
        int gates = RecurrentLayer.GatesOf(kind);
        bool projects = directions[0].Length == (biased ? 5 : 3);
        foreach (Tensor[] parts in directions)
        {
            (Tensor w, Tensor r) = (parts[0], parts[1]);
            bool suits = w.Shape.Rank == 2 && r.Shape.Rank == 2 && w.Shape[1] == x.Shape[2] && w.Shape[0] == r.Shape[0]
                && r.Shape[0] > 0 && r.Shape[0] % gates == 0
                && (projects ? parts[^1].Shape == new Shape([r.Shape[1], r.Shape[0] / gates]) : r.Shape[0] == gates * r.Shape[1])
                && (!biased || (parts[2].Shape == new Shape([w.Shape[0]]) && parts[3].Shape == parts[2].Shape))
                && w.Shape == directions[0][0].Shape && r.Shape == directions[0][1].Shape;
            if (!suits)
                throw new UnsupportedOperatorException($"Weights {w.Shape} and {r.Shape} do not suit an input {x.Shape}.",
                    "Check the exported program.");
        }
        return new(kind, x, Joined(0), Joined(1))
        {
            Bias = biased ? c.Concat(0, [.. directions.Select(parts =>
                c.Reshape(c.Concat(0, [parts[2], parts[3]]), [1, checked(2 * parts[2].Shape[0])]))]) : null,
            Projection = projects ? Joined(directions[0].Length - 1) : null,
            Activations = [activation, activation],
        };

        Tensor Joined(int index) => c.Concat(0,
            [.. directions.Select(parts => c.Reshape(c.Cast(parts[index], ElementType.Float32), [1, .. parts[index].Shape]))]);
    }

    private static void Step(ProgramContext c, RecurrentKind kind, UnaryKind activation)
    {
        Tensor x = c.Real("input");
        bool isLstm = kind == RecurrentKind.Lstm, single = x.Shape.Rank == 1, biased = c.Has("b_ih") && c.Has("b_hh");
        Tensor[] states = isLstm ? c.Tensors("hx") : [c.Real("hx")];
        if (x.Shape.Rank is not (1 or 2) || states.Length != (isLstm ? 2 : 1))
            throw new UnsupportedOperatorException($"Its states do not suit an input {x.Shape}.", "Check the exported program.");
        Tensor[] parts = biased ? [c.Real("w_ih"), c.Real("w_hh"), c.Real("b_ih"), c.Real("b_hh")] : [c.Real("w_ih"), c.Real("w_hh")];
        RecurrentResult result = RecurrentNetwork.Of(c, Layer(c, kind,
            c.Reshape(x, single ? [1, 1, x.Shape[0]] : [1, .. x.Shape]), [parts], biased, activation) with
        {
            InitialState = Lifted(states[0]), InitialCell = isLstm ? Lifted(states[1]) : null, WantsAll = false,
        });
        c.Result(Lowered(result.Last));
        if (isLstm)
            c.Result(Lowered(result.LastCell!));

        Tensor Lifted(Tensor s) => c.Reshape(s, single ? [1, 1, .. s.Shape] : [1, .. s.Shape]);

        Tensor Lowered(Tensor s) => c.Reshape(s, [.. s.Shape.Skip(single ? 2 : 1)]);
    }
}
