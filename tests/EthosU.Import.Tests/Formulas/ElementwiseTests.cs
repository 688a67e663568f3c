using EthosU.Graphs;
using EthosU.Import.Formulas;
using Xunit;

namespace EthosU.Import.Tests.Formulas;

/// <summary>Functions of each element by itself.</summary>
public sealed class ElementwiseTests
{
    private static readonly Dictionary<string, (Func<GraphEmitter, Tensor, Tensor> Formula, Func<double, double> Function)> Cases = new()
    {
        ["clamp 0 6"] = (static (g, x) => Activations.Clamp(g, x, 0, 6), static v => Math.Clamp(v, 0, 6)),
        ["clamp -1 1"] = (static (g, x) => Activations.Clamp(g, x, -1, 1), static v => Math.Clamp(v, -1, 1)),
        ["clamp below"] = (static (g, x) => Activations.Clamp(g, x, float.MinValue, 0.5f), static v => Math.Min(v, 0.5)),
        ["clamp -.3 .7"] = (static (g, x) => Activations.Clamp(g, x, -0.3f, 0.7f), static v => Math.Clamp(v, -0.3, 0.7)),
        ["leaky"] = (static (g, x) => Activations.LeakyRelu(g, x, 0.1f), static v => v < 0 ? 0.1 * v : v),
        ["elu"] = (static (g, x) => Activations.Elu(g, x, 1), static v => v < 0 ? Math.Exp(v) - 1 : v),
        ["elu .5"] = (static (g, x) => Activations.Elu(g, x, 0.5f), static v => v < 0 ? 0.5 * (Math.Exp(v) - 1) : v),
        ["selu"] = (static (g, x) => Activations.Elu(g, x, 1.6732632f, 1.0507010f),
            static v => 1.0507010 * (v < 0 ? 1.6732632 * (Math.Exp(v) - 1) : v)),
        ["celu"] = (static (g, x) => Activations.Celu(g, x, 0.5f), static v => v < 0 ? 0.5 * (Math.Exp(v / 0.5) - 1) : v),
        ["hard sigmoid"] = (static (g, x) => Activations.HardSigmoid(g, x, 1f / 6, 0.5f), static v => Math.Clamp((v / 6) + 0.5, 0, 1)),
        ["hard sigmoid .4"] = (static (g, x) => Activations.HardSigmoid(g, x, 0.4f, 0.6f), static v => Math.Clamp((0.4 * v) + 0.6, 0, 1)),
        ["softplus"] = (Activations.Softplus, static v => Math.Log(1 + Math.Exp(v))),
        ["mish"] = (Activations.Mish, static v => v * Math.Tanh(Math.Log(1 + Math.Exp(v)))),
        ["softsign"] = (Activations.Softsign, static v => v / (1 + Math.Abs(v))),
        ["silu"] = (static (g, x) => Activations.Swish(g, x), static v => v / (1 + Math.Exp(-v))),
        ["quick gelu"] = (static (g, x) => Activations.Swish(g, x, 1.702f), static v => v / (1 + Math.Exp(-1.702 * v))),
        ["threshold"] = (static (g, x) => Activations.Threshold(g, x, 0.5f, -3), static v => v > 0.5 ? v : -3),
        ["soft shrink"] = (static (g, x) => Activations.Shrink(g, x, 0.5f, 0.5f),
            static v => Math.Sign(v) * Math.Max(0, Math.Abs(v) - 0.5)),
        ["hard shrink"] = (static (g, x) => Activations.Shrink(g, x, 0.5f, 0), static v => Math.Abs(v) > 0.5 ? v : 0),
        ["erf"] = (ErrorFunction.Of, Erf),
        ["tan"] = (Trigonometry.Tan, Math.Tan), ["sinh"] = (Trigonometry.Sinh, Math.Sinh), ["cosh"] = (Trigonometry.Cosh, Math.Cosh),
        ["atan"] = (Trigonometry.Atan, Math.Atan), ["asinh"] = (Trigonometry.Asinh, Math.Asinh),
        ["asin"] = (static (g, x) => Trigonometry.Asin(g, Halved(g, x)), static v => Math.Asin(v / 2)),
        ["acos"] = (static (g, x) => Trigonometry.Acos(g, Halved(g, x)), static v => Math.Acos(v / 2)),
        ["atanh"] = (static (g, x) => Trigonometry.Atanh(g, Halved(g, x)), static v => Math.Atanh(v / 2)),
        ["acosh"] = (static (g, x) => Trigonometry.Acosh(g, g.Add(x, g.Scalar(3.5f))), static v => Math.Acosh(v + 3.5)),
        ["square"] = (static (g, x) => Arithmetic.Power(g, x, g.Scalar(2f)), static v => v * v),
        ["fourth"] = (static (g, x) => Arithmetic.Power(g, x, g.Scalar(4f)), static v => v * v * v * v),
        ["root"] = (static (g, x) => Arithmetic.Power(g, g.Add(x, g.Scalar(2.5f)), g.Scalar(0.5f)), static v => Math.Sqrt(v + 2.5)),
        ["divided"] = (static (g, x) => Arithmetic.Divide(g, x, g.Scalar(0.3f)), static v => v / 0.3),
        ["negated"] = (Arithmetic.Negate, static v => -v),
        ["remainder"] = (static (g, x) => Arithmetic.Remainder(g, x, g.Scalar(0.7f)), static v => v - (0.7 * Math.Floor(v / 0.7))),
        ["fmod"] = (static (g, x) => Arithmetic.FloatRemainder(g, x, g.Scalar(0.7f)), static v => v % 0.7),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_function_of_each_element(string name)
    {
        FormulaGraph f = new();
        Tensor x = f.Input(3, 17);
        Numbers v = f.Of(x);
        f.Gives(Numbers.Make([3, 17], i => Cases[name].Function(v[i])), Cases[name].Formula(f.Emitter, x), 2e-5);
    }

    [Theory]
    [InlineData("4", 4)]
    [InlineData("1", 1)]
    [InlineData("4,1,1", 4)]
    public void Slopes_of_channels(string sizes, int count)
    {
        FormulaGraph f = new();
        Tensor x = f.Input(2, 4, 3, 3), slopes = f.Constant([.. sizes.Split(',').Select(int.Parse)]);
        (Numbers v, Numbers s) = (f.Of(x), f.Of(slopes));
        f.Gives(Numbers.Make([2, 4, 3, 3], i => v[i] < 0 ? v[i] * s.Values[count == 1 ? 0 : i[1]] : v[i]),
            Activations.ParametricRelu(f.Emitter, x, slopes));
    }

    [Fact]
    public void Integers_without_a_quotient_are_refused()
    {
        FormulaGraph f = new();
        Assert.Contains("divides integers by 0", Assert.Throws<UnsupportedOperatorException>(
            () => Arithmetic.Divide(f.Emitter, f.Emitter.Integers(1, 2), f.Emitter.Integers(1, 0))).Message);
        Assert.Contains("by -1", Assert.Throws<UnsupportedOperatorException>(
            () => Arithmetic.Remainder(f.Emitter, f.Emitter.Integers(int.MinValue), f.Emitter.Integers(-1))).Message);
    }

    private static Tensor Halved(GraphEmitter g, Tensor x) => g.Mul(x, g.Scalar(0.5f));

    /// <summary>Its power series.</summary>
    private static double Erf(double v)
    {
        double sum = 0, term = v;
        for (int n = 0; n < 60; n++)
        {
            sum += term / ((2 * n) + 1);
            term *= -v * v / (n + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
