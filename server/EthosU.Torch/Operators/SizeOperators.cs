using EthosU.Import;
using EthosU.Torch.Import;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Operators;

/// <summary>Python's arithmetic on sizes (pt2-format 3).</summary>
internal static class SizeOperators
{
    /// <summary>The operators that are known.</summary>
    public static IEnumerable<string> Names =>
    [
        "add", "sub", "mul", "floordiv", "truediv", "mod", "pow", "neg", "pos", "abs", "ge", "gt", "le", "lt", "eq", "ne", "and_", "or_",
        "not_", "ceil", "floor", "trunc", "sqrt", "sym_min", "sym_max", "sym_not", "sym_float", "sym_int", "sym_ite", "sym_sqrt", "sym_sum",
    ];

    /// <summary>The result of an operator.</summary>
    /// <exception cref="UnsupportedOperatorException">Its operands are not possible.</exception>
    public static Argument Apply(string name, Argument[] operands)
    {
        if (operands.Any(static operand => operand is not (Argument.Integer or Argument.Real or Argument.Truth)))
            throw new UnsupportedOperatorException($"Its operands are no numbers.", "Check the exported program.");
        double[] x = [.. operands.Select(ProgramContext.RealOf)];
        bool whole = operands.All(static operand => operand is not Argument.Real);
        return (name, x) switch
        {
            ("ge", [var a, var b]) => new Argument.Truth(a >= b),
            ("gt", [var a, var b]) => new Argument.Truth(a > b),
            ("le", [var a, var b]) => new Argument.Truth(a <= b),
            ("lt", [var a, var b]) => new Argument.Truth(a < b),
            ("eq", [var a, var b]) => new Argument.Truth(a == b),
            ("ne", [var a, var b]) => new Argument.Truth(a != b),
            ("and_", [var a, var b]) => new Argument.Truth(a != 0 && b != 0),
            ("or_", [var a, var b]) => new Argument.Truth(a != 0 || b != 0),
            ("not_" or "sym_not", [var a]) => new Argument.Truth(a == 0),
            ("sym_ite", [var a, _, _]) => a != 0 ? operands[1] : operands[2],
            ("truediv", [var a, var b]) => new Argument.Real(a / b),
            ("sqrt" or "sym_sqrt", [var a]) => new Argument.Real(Math.Sqrt(a)),
            ("sym_float", [var a]) => new Argument.Real(a),
            ("ceil", [var a]) => Integer(Math.Ceiling(a)),
            ("floor", [var a]) => Integer(Math.Floor(a)),
            ("trunc" or "sym_int", [var a]) => Integer(Math.Truncate(a)),
            ("add", [var a, var b]) => Number(a + b),
            ("sub", [var a, var b]) => Number(a - b),
            ("mul", [var a, var b]) => Number(a * b),
            ("pow", [var a, var b]) => Number(Math.Pow(a, b)),
            ("neg", [var a]) => Number(-a),
            ("pos", [var a]) => Number(a),
            ("abs", [var a]) => Number(Math.Abs(a)),
            ("sym_min", [var a, var b]) => Number(Math.Min(a, b)),
            ("sym_max", [var a, var b]) => Number(Math.Max(a, b)),
            ("sym_sum", _) => Number(x.Sum()),
            ("floordiv", [var a, var b]) when b != 0 => Number(Math.Floor(a / b)),
            ("mod", [var a, var b]) when b != 0 => Number(a - (b * Math.Floor(a / b))),
            _ => throw new UnsupportedOperatorException($"It is not possible with these {x.Length} numbers.",
                "Check the exported program."),
        };

        Argument Number(double value) => whole ? Integer(value) : new Argument.Real(value);
    }

    private static Argument.Integer Integer(double value) => Math.Abs(value) < 1L << 53 ? new((long)value)
        : throw new UnsupportedOperatorException("A size is too large.", "Use smaller sizes.");
}
