using System.Collections.Immutable;
using System.Globalization;
using EthosU.LanguageServer.Python.Lexing;

namespace EthosU.LanguageServer.Python.Fixes;

/// <summary>The changes of a script that answer the problems of a line; none where it is not sure what the line does.</summary>
internal static class ScriptFixes
{
    private const int UsualOperatorSet = 17, OldestUsual = 13, NewestUsual = 22;

    /// <summary>The changes that answer problems of some operators on a line.</summary>
    /// <param name="script">The script.</param>
    /// <param name="line">The line, from 0.</param>
    /// <param name="operators">The operators with problems, in ONNX's or TensorFlow Lite's spelling.</param>
    public static IReadOnlyList<ScriptFix> ForOperators(string script, int line, IReadOnlySet<string> operators)
    {
        if (PythonCode.Read(script) is not { } code || code.StatementOn(line) is not { To: > 0 } statement)
            return [];
        List<ScriptFix> fixes = [];
        foreach (PythonCall call in code.CallsIn(statement))
        {
            if (call.Function.StartsWith("self.", StringComparison.Ordinal) && !call.Function[5..].Contains('.', StringComparison.Ordinal)
                && code.ValueOfAttribute(statement, call.Function[5..]) is { } value)
                fixes.AddRange(OfCalls(code, [.. code.CallsIn(value)], call.Function, operators));
            else
                fixes.AddRange(OfCalls(code, [call], "", operators));
        }
        if (WithoutProbabilities(code, statement, operators) is { } outermost)
            fixes.Add(outermost);
        return [.. fixes.DistinctBy(static fix => fix.Title)];
    }

    /// <summary>The changes of an export call on a line: sizes that are fixed, an operator set that is known well.</summary>
    public static IReadOnlyList<ScriptFix> ForExport(string script, int line)
    {
        if (PythonCode.Read(script) is not { } code || code.StatementOn(line) is not { To: > 0 } statement)
            return [];
        List<ScriptFix> fixes = [];
        foreach (PythonCall call in code.CallsIn(statement)
            .Where(static call => call is { Function: "torch.onnx.export", Arguments: not null }))
        {
            if (call.Keyword("dynamic_axes") is { } axes)
                fixes.Add(new("Export with fixed sizes: remove dynamic_axes", [CallFixes.Removal(code, call, axes)]));
            if (call.Keyword("opset_version") is { } set && int.TryParse(code.Script.AsSpan(set.ValueStart, set.End - set.ValueStart),
                NumberStyles.None, CultureInfo.InvariantCulture, out int version) && version is < OldestUsual or > NewestUsual)
                fixes.Add(new($"Export with operator set {UsualOperatorSet}",
                    [new(set.ValueStart, set.End, UsualOperatorSet.ToString(CultureInfo.InvariantCulture))]));
        }
        return fixes;
    }

    private static IEnumerable<ScriptFix> OfCalls(PythonCode code, PythonCall[] calls, string attribute, IReadOnlySet<string> operators)
    {
        foreach (CallFix fix in CallFixes.All.Where(fix => fix.Operators.Any(operators.Contains)))
        {
            PythonCall[] called = [.. calls.Where(call => call.Function == fix.Function)];
            if (called.Length == 0)
                continue;
            ImmutableArray<TextChange>?[] changes = [.. called.Select(call => fix.Change(code, call))];
            if (Array.Exists(changes, static change => change is null))
                continue;
            string name = code.Script[called[0].Start..called[0].LastName.End];
            string what = attribute.Length == 0 ? name : called.Length == 1 ? $"{name} of {attribute}"
                : $"the {called.Length} {name} of {attribute}";
            yield return new($"Replace {what} {fix.Title}", [.. changes.SelectMany(static change => change!.Value).Distinct()]);
        }
    }

    /// <summary>A softmax that is returned as it is can be applied to the outputs on the processor.</summary>
    private static ScriptFix? WithoutProbabilities(PythonCode code, (int From, int To) statement, IReadOnlySet<string> operators)
    {
        if (!CallFixes.OutermostOperators.Any(operators.Contains) || statement.To - statement.From < 4
            || code.TextOf(code[statement.From]) != "return" || code.CallsIn(statement).FirstOrDefault() is not { } call
            || call.Path != statement.From + 1 || call.Close != code[statement.To - 1].Start
            || call.Arguments is not [{ Name: null } first, ..])
            return null;
        bool isOutermost = CallFixes.Outermost.Contains(call.Function)
            || (call.Function.StartsWith("self.", StringComparison.Ordinal)
                && code.ValueOfAttribute(statement, call.Function["self.".Length..]) is { } value
                && code.CallsIn(value).FirstOrDefault() is { } made && made.Path == value.From
                && CallFixes.OutermostModules.Contains(made.Function));
        return !isOutermost ? null : new("Return what the softmax is computed of, and compute it from the outputs where it is needed",
            [new(call.Start, first.Start, ""), new(first.End, call.Close + 1, "")]);
    }
}
