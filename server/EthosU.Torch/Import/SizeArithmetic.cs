using EthosU.Torch.Programs;

namespace EthosU.Torch.Import;

/// <summary>Arithmetic on sizes (pt2-format 3).</summary>
internal static class SizeArithmetic
{
    private const int MaxDepth = 32;

    /// <summary>The number that a size is; null where a symbol or a function is not known.</summary>
    public static long? Evaluate(SizeExpression size, IReadOnlyDictionary<string, long> symbols)
    {
        try
        {
            return Evaluate(size, symbols, 0);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>The symbols of a size.</summary>
    public static IEnumerable<string> Symbols(SizeExpression size) => Symbols(size, 0).Distinct();

    /// <summary>
    /// The value of the only unknown symbol of a size for which it is a number; null where there are more unknowns or no such value.
    /// </summary>
    public static (string Symbol, long Value)? Solve(SizeExpression size, long wanted, IReadOnlyDictionary<string, long> symbols)
    {
        string[] unknown = [.. Symbols(size).Where(symbol => !symbols.ContainsKey(symbol))];
        if (unknown.Length != 1)
            return null;
        Dictionary<string, long> trial = new(symbols, StringComparer.Ordinal);
        if (At(1) is not { } first || At(2) is not { } second || second == first)
            return null;
        long step = second - first, value = 1 + ((wanted - first) / step);
        return At(value) == wanted ? (unknown[0], value) : null;

        long? At(long x)
        {
            trial[unknown[0]] = x;
            return Evaluate(size, trial);
        }
    }

    /// <summary>A size as a text.</summary>
    public static string Text(SizeExpression size) => Text(size, 0);

    private static string Text(SizeExpression size, int depth) => size switch
    {
        SizeExpression.Number number => $"{number.Value}",
        SizeExpression.Symbol symbol => symbol.Name,
        SizeExpression.Call call when depth < MaxDepth =>
            $"{call.Function}({string.Join(", ", call.Operands.Select(operand => Text(operand, depth + 1)))})",
        _ => "…",
    };

    private static IEnumerable<string> Symbols(SizeExpression size, int depth) => size switch
    {
        SizeExpression.Symbol symbol => [symbol.Name],
        SizeExpression.Call call when depth < MaxDepth => call.Operands.SelectMany(operand => Symbols(operand, depth + 1)),
        _ => [],
    };

    private static long? Evaluate(SizeExpression size, IReadOnlyDictionary<string, long> symbols, int depth)
    {
        switch (size)
        {
            case SizeExpression.Number number:
                return number.Value;
            case SizeExpression.Symbol symbol:
                return symbols.TryGetValue(symbol.Name, out long value) ? value : null;
            case SizeExpression.Call call when depth < MaxDepth && call.Operands.Length > 0:
            {
                long[] operands = new long[call.Operands.Length];
                for (int i = 0; i < operands.Length; i++)
                {
                    if (Evaluate(call.Operands[i], symbols, depth + 1) is not { } operand)
                        return null;
                    operands[i] = operand;
                }
                return Apply(call.Function, operands);
            }
            default:
                return null;
        }
    }

    private static long? Apply(string function, long[] x) => (function, x) switch
    {
        ("Integer", [var only]) => only,
        ("Mul", _) => x.Aggregate((a, b) => checked(a * b)),
        ("Add", _) => x.Aggregate((a, b) => checked(a + b)),
        ("Min", _) => x.Min(),
        ("Max", _) => x.Max(),
        ("FloorDiv" or "CleanDiv", [var a, var b]) when b > 0 => (a / b) - (a % b < 0 ? 1 : 0),
        ("CeilToInt" or "FloorToInt" or "TruncToInt" or "RoundToInt", [var only]) => only,
        ("Mod" or "PythonMod", [var a, var b]) when b > 0 => ((a % b) + b) % b,
        ("Pow", [var a, var b]) when b is >= 0 and < 63 => Power(a, b),
        _ => null,
    };

    private static long Power(long a, long b)
    {
        long result = 1;
        for (long i = 0; i < b; i++)
            result = checked(result * a);
        return result;
    }
}
