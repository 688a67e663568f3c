using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;

namespace EthosU.Onnx.Operators;

/// <summary>LSTM, GRU and RNN.</summary>
internal static class RecurrentImport
{
    private static readonly RecurrentGates Gates = new() { Lstm = (0, 2, 3, 1), Gru = (0, 1, 2) };

    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("LSTM", c => Import(c, RecurrentKind.Lstm)), ("GRU", c => Import(c, RecurrentKind.Gru)),
        ("RNN", c => Import(c, RecurrentKind.Simple)),
    ];

    private static void Import(ImportContext c, RecurrentKind kind)
    {
        RecurrentResult result = RecurrentNetwork.Of(c, Read(c, kind));
        if (result.All is { } all)
            c.Output(0, all);
        c.Output(1, result.Last);
        if (result.LastCell is { } cell)
            c.Output(2, cell);
    }

    /// <summary>The node's layer, its operands and attributes checked.</summary>
    private static RecurrentLayer Read(ImportContext c, RecurrentKind kind)
    {
        bool batchFirst = c.Node.Int("layout", 0) != 0;
        Tensor x = c.Input(0), w = c.Input(1), r = c.Input(2);
        int directions = w.Shape.Rank == 3 ? w.Shape[0] : 0, hidden = r.Shape.Rank == 3 ? r.Shape[2] : 0;
        string[]? activations = c.Node.Texts("activations");
        if (w.Shape.Rank != 3 || r.Shape.Rank != 3 || x.Shape.Rank != 3 || hidden < 1 || directions is < 1 or > 2)
            throw new UnsupportedOperatorException($"Weights {w.Shape} and {r.Shape} do not suit an input {x.Shape}.",
                "Check the exported model.");
        RecurrentShapes.Require(c, hidden, RecurrentLayer.GatesOf(kind));
        RequireUsual(c, kind, activations);
        if (c.TryInput(4) is { } lengths
            && c.Constant(lengths, "sequence lengths").ToInt32Array().Any(length => length != x.Shape[batchFirst ? 1 : 0]))
            throw new UnsupportedOperatorException("Sequences of different lengths cannot be expressed.",
                "Do not pack sequences; use one fixed length.");
        if (batchFirst)
            x = c.Transpose(x, 1, 0, 2);
        return new(kind, x, w, r)
        {
            Bias = c.TryInput(3),
            InitialState = c.TryInput(5),
            InitialCell = c.TryInput(6),
            Peepholes = c.TryInput(7),
            Gates = Gates,
            Activations = kind == RecurrentKind.Simple ? [.. Enumerable.Range(0, directions).Select(i => Activation(activations, i))] : [],
            ResetsLate = c.Node.Int("linear_before_reset", 0) != 0,
            IsReverse = c.Node.Text("direction", "forward") == "reverse",
            IsBatchFirst = batchFirst,
            WantsAll = c.WantsOutput(0),
            WantsCell = c.WantsOutput(2) && c.Uses.IsRead(c.Node.Proto.Output[2]), // exporters name outputs that nothing reads
        };
    }

    private static void RequireUsual(ImportContext c, RecurrentKind kind, string[]? activations)
    {
        string[] usual = kind switch
        {
            RecurrentKind.Lstm => ["Sigmoid", "Tanh", "Tanh"],
            RecurrentKind.Gru => ["Sigmoid", "Tanh"],
            _ => [],
        };
        if (activations is { Length: > 0 } && usual.Length > 0
            && activations.Chunk(usual.Length).Any(names => !names.SequenceEqual(usual, StringComparer.OrdinalIgnoreCase)))
            throw new UnsupportedOperatorException($"The activations {string.Join(", ", activations)} cannot be expressed.",
                "Use the usual ones, sigmoid and tanh.");
        if (c.Node.Has("clip") || c.Node.Int("input_forget", 0) != 0)
            throw new UnsupportedOperatorException("Clipping and a coupled forget gate cannot be expressed.",
                "Use PyTorch's nn.LSTM, nn.GRU or nn.RNN.");
    }

    private static UnaryKind Activation(string[]? names, int direction) =>
        (names is not null && direction < names.Length ? names[direction] : "Tanh").ToUpperInvariant() switch
        {
            "TANH" => UnaryKind.Tanh,
            "RELU" => UnaryKind.Relu,
            "SIGMOID" => UnaryKind.Logistic,
            string other => throw new UnsupportedOperatorException($"The activation {other} cannot be expressed.", "Use tanh or relu."),
        };
}
