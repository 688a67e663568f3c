using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>Comparisons, logic, choice, and If with a constant condition.</summary>
internal static class LogicImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("Equal", Compared(CompareKind.Equal)), ("Greater", Compared(CompareKind.Greater)), ("GreaterOrEqual", Compared(CompareKind.GreaterEqual)),
        ("Less", Compared(CompareKind.Less)), ("LessOrEqual", Compared(CompareKind.LessEqual)),
        ("And", c => c.Output(0, c.Emit(new Binary(BinaryKind.LogicalAnd), c.Input(0), c.Input(1)))),
        ("Or", c => c.Output(0, c.Emit(new Binary(BinaryKind.LogicalOr), c.Input(0), c.Input(1)))),
        ("Xor", Compared(CompareKind.NotEqual)), ("Not", c => c.Output(0, c.Unary(UnaryKind.LogicalNot, c.Input(0)))),
        ("Where", c => c.Output(0, c.Emit(new SelectV2(), c.Input(0), c.Input(1), c.Input(2)))), ("If", Conditional),
        ("IsNaN", c => c.Output(0, c.Emit(new Compare(CompareKind.NotEqual), c.Input(0), c.Input(0)))),
    ];

    private static Action<ImportContext> Compared(CompareKind kind) => c =>
    {
        (Tensor a, Tensor b) = ArithmeticImport.Pair(c);
        c.Output(0, c.Emit(new Compare(kind), a, b));
    };

    private static void Conditional(ImportContext c)
    {
        bool condition = c.Constant(c.Input(0), "condition").ToInt64Array()[0] != 0;
        Proto.GraphProto branch = c.Node.Graph(condition ? "then_branch" : "else_branch")
            ?? throw ImportContext.Unsupported("A branch is missing.", "Check the exported model.");
        Tensor[] results = c.ImportSubgraph(branch);
        for (int i = 0; i < results.Length; i++)
            c.Output(i, results[i]);
    }
}
