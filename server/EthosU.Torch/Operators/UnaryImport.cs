using EthosU.Graphs;
using EthosU.Import.Formulas;
using EthosU.Torch.Import;

namespace EthosU.Torch.Operators;

/// <summary>Functions of one operand, element by element.</summary>
internal static class UnaryImport
{
    public static IEnumerable<OperatorImporter> Operators =>
    [
        Number("abs", static (c, x) => c.Unary(UnaryKind.Abs, x)), Number("absolute", static (c, x) => c.Unary(UnaryKind.Abs, x)),
        Number("neg", static (c, x) => Arithmetic.Negate(c, x)), Number("negative", static (c, x) => Arithmetic.Negate(c, x)),
        Number("sign", static (c, x) => c.Unary(UnaryKind.Sign, x)), Number("sgn", static (c, x) => c.Unary(UnaryKind.Sign, x)),
        Number("square", static (c, x) => c.Mul(x, x)),
        Whole("floor", static (c, x) => c.Unary(UnaryKind.Floor, x)), Whole("ceil", static (c, x) => c.Unary(UnaryKind.Ceil, x)),
        Whole("round", static (c, x) => c.Unary(UnaryKind.Round, x)), Whole("trunc", ArithmeticImport.Truncated),
        Whole("fix", ArithmeticImport.Truncated),
        new("aten.round.decimals", "self, *, decimals=0", Decimals),
        Real("frac", static (c, x) => c.Sub(x, ArithmeticImport.Truncated(c, x))),
        Real("exp", static (c, x) => c.Unary(UnaryKind.Exp, x)), Real("sqrt", static (c, x) => c.Unary(UnaryKind.Sqrt, x)),
        Real("rsqrt", static (c, x) => c.Unary(UnaryKind.Rsqrt, x)), Real("log", static (c, x) => c.Unary(UnaryKind.Log, x)),
        Real("exp2", static (c, x) => c.Unary(UnaryKind.Exp, c.Mul(x, c.Scalar(MathF.Log(2))))),
        Real("special_exp2", static (c, x) => c.Unary(UnaryKind.Exp, c.Mul(x, c.Scalar(MathF.Log(2))))),
        Real("expm1", static (c, x) => Exponentials.LessOne(c, x)), Real("log1p", static (c, x) => Exponentials.LogOfOneMore(c, x)),
        Real("log2", static (c, x) => c.Mul(c.Unary(UnaryKind.Log, x), c.Scalar((float)(1 / Math.Log(2))))),
        Real("log10", static (c, x) => c.Mul(c.Unary(UnaryKind.Log, x), c.Scalar((float)(1 / Math.Log(10))))),
        Real("reciprocal", static (c, x) => c.Emit(new Binary(BinaryKind.Div), c.Scalar(1f), x)),
        Real("sin", static (c, x) => c.Unary(UnaryKind.Sin, x)), Real("cos", static (c, x) => c.Unary(UnaryKind.Cos, x)),
        Real("tan", Trigonometry.Tan), Real("asin", Trigonometry.Asin), Real("acos", Trigonometry.Acos), Real("atan", Trigonometry.Atan),
        Real("arcsin", Trigonometry.Asin), Real("arccos", Trigonometry.Acos), Real("arctan", Trigonometry.Atan),
        Real("sinh", Trigonometry.Sinh), Real("cosh", Trigonometry.Cosh), Real("asinh", Trigonometry.Asinh),
        Real("acosh", Trigonometry.Acosh), Real("atanh", Trigonometry.Atanh), Real("arcsinh", Trigonometry.Asinh),
        Real("arccosh", Trigonometry.Acosh), Real("arctanh", Trigonometry.Atanh), Real("erf", ErrorFunction.Of),
        Real("special_erf", ErrorFunction.Of), Real("erfc", static (c, x) => c.Sub(c.Scalar(1f), ErrorFunction.Of(c, x))),
        Real("sinc", Sinc), Real("deg2rad", static (c, x) => c.Mul(x, c.Scalar((float)(Math.PI / 180)))),
        Real("rad2deg", static (c, x) => c.Mul(x, c.Scalar((float)(180 / Math.PI)))),
        new("aten.logit.default", "self, eps=None", Logit), new("aten.special_logit.default", "self, eps=None", Logit),
        Real("special_expit", static (c, x) => c.Unary(UnaryKind.Logistic, x)),
        new("aten.nan_to_num.default", "self, nan=None, posinf=None, neginf=None", NanToNumber),
    ];

    private static OperatorImporter Real(string name, Func<ProgramContext, Tensor, Tensor> apply) =>
        new($"aten.{name}.default", "self", c => c.Result(apply(c, c.Real("self"))));

    /// <summary>Of integers, too.</summary>
    private static OperatorImporter Number(string name, Func<ProgramContext, Tensor, Tensor> apply) =>
        new($"aten.{name}.default", "self", c =>
            c.Result(apply(c, c.Tensor("self") is { Type: ElementType.Float32 } x ? x : c.Tensor("self", ElementType.Int32))));

    /// <summary>Of integers the integers themselves.</summary>
    private static OperatorImporter Whole(string name, Func<ProgramContext, Tensor, Tensor> apply) =>
        new($"aten.{name}.default", "self", c => c.Result(c.Tensor("self") is { Type: ElementType.Float32 } x ? apply(c, x)
            : c.Tensor("self")));

    private static void Decimals(ProgramContext c)
    {
        float factor = (float)Math.Pow(10, c.Int("decimals"));
        c.Result(c.Mul(c.Unary(UnaryKind.Round, c.Mul(c.Real("self"), c.Scalar(factor))), c.Scalar(1 / factor)));
    }

    private static Tensor Sinc(ProgramContext c, Tensor x)
    {
        Tensor angle = c.Mul(x, c.Scalar(MathF.PI)), zero = c.Emit(new Compare(CompareKind.Equal), x, c.Scalar(0f));
        Tensor safe = c.Emit(new SelectV2(), zero, c.Scalar(1f), angle);
        return c.Emit(new SelectV2(), zero, c.Scalar(1f), c.Binary(BinaryKind.Div, c.Unary(UnaryKind.Sin, safe), safe));
    }

    private static void Logit(ProgramContext c)
    {
        Tensor x = c.Real("self");
        if (c.TryDouble("eps") is { } eps)
            x = Activations.Clamp(c, x, (float)eps, (float)(1 - eps));
        c.Result(c.Unary(UnaryKind.Log, c.Binary(BinaryKind.Div, x, c.Sub(c.Scalar(1f), x))));
    }

    private static void NanToNumber(ProgramContext c)
    {
        Tensor x = c.Real("self");
        Tensor sound = c.Emit(new SelectV2(), c.Emit(new Compare(CompareKind.NotEqual), x, x), c.Scalar((float)(c.TryDouble("nan") ?? 0)),
            x);
        float most = (float)(c.TryDouble("posinf") ?? float.MaxValue), least = (float)(c.TryDouble("neginf") ?? float.MinValue);
        sound = Replaced(sound, float.PositiveInfinity, most);
        c.Result(Replaced(sound, float.NegativeInfinity, least));

        Tensor Replaced(Tensor values, float what, float by) => c.Emit(new SelectV2(),
            c.Emit(new Compare(CompareKind.Equal), values, c.Scalar(what)), c.Scalar(by), values);
    }
}
