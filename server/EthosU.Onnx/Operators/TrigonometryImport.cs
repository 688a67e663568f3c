using EthosU.Graphs;
using EthosU.Import.Formulas;

namespace EthosU.Onnx.Operators;

/// <summary>Trigonometric and hyperbolic functions.</summary>
internal static class TrigonometryImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("Sin", Of((c, x) => c.Unary(UnaryKind.Sin, x))), ("Cos", Of((c, x) => c.Unary(UnaryKind.Cos, x))),
        ("Tan", Of(Trigonometry.Tan)), ("Sinh", Of(Trigonometry.Sinh)), ("Cosh", Of(Trigonometry.Cosh)),
        ("Atan", Of(Trigonometry.Atan)), ("Asin", Of(Trigonometry.Asin)), ("Acos", Of(Trigonometry.Acos)),
        ("Asinh", Of(Trigonometry.Asinh)), ("Acosh", Of(Trigonometry.Acosh)), ("Atanh", Of(Trigonometry.Atanh)),
    ];

    private static Action<ImportContext> Of(Func<ImportContext, Tensor, Tensor> apply) => c => c.Output(0, apply(c, c.Input(0)));
}
