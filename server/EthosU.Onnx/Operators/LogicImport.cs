using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>Comparisons, logic and choice.</summary>
internal static class LogicImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("Equal", Compared(CompareKind.Equal)), ("Greater", Compared(CompareKind.Greater)),
        ("GreaterOrEqual", Compared(CompareKind.GreaterEqual)),
        ("Less", Compared(CompareKind.Less)), ("LessOrEqual", Compared(CompareKind.LessEqual)),
        ("And", Joined(BinaryKind.LogicalAnd)),
        ("Or", Joined(BinaryKind.LogicalOr)),
        ("Xor", Compared(CompareKind.NotEqual)), ("Not", c => c.Output(0, c.Unary(UnaryKind.LogicalNot, c.Input(0)))),
        ("Where", c => c.Output(0, c.Emit(new SelectV2(), c.Input(0), c.Input(1), c.Input(2)))),
        ("IsNaN", c => c.Output(0, c.Emit(new Compare(CompareKind.NotEqual), c.Input(0), c.Input(0)))), ("IsInf", IsInfinite),
    ];

    private static Action<ImportContext> Compared(CompareKind kind) => c =>
    {
        (Tensor a, Tensor b) = ArithmeticImport.Pair(c);
        c.Output(0, c.Emit(new Compare(kind), a, b));
    };

    private static Action<ImportContext> Joined(BinaryKind kind) => c =>
    {
        (Tensor a, Tensor b) = ArithmeticImport.Pair(c);
        c.Output(0, c.Emit(new Binary(kind), a, b));
    };

    private static void IsInfinite(ImportContext c)
    {
        bool negative = c.Node.Int("detect_negative", 1) != 0, positive = c.Node.Int("detect_positive", 1) != 0;
        Tensor x = c.Input(0);
        c.Output(0, negative && positive
            ? c.Emit(new Compare(CompareKind.Equal), c.Unary(UnaryKind.Abs, x), c.Scalar(float.PositiveInfinity))
            : negative || positive
            ? c.Emit(new Compare(CompareKind.Equal), x, c.Scalar(positive ? float.PositiveInfinity : float.NegativeInfinity))
            : c.Emit(new Compare(CompareKind.Less), x, x));
    }
}
