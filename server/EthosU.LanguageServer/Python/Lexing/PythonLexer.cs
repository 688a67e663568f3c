using System.Collections.Immutable;

namespace EthosU.LanguageServer.Python.Lexing;

/// <summary>Cuts a script into tokens: as much of Python's grammar as an edit of one call needs.</summary>
internal static class PythonLexer
{
    private const string Open = "([{", Close = ")]}";

    /// <summary>The tokens; null where a text or a bracket does not end, so that nothing is sure.</summary>
    public static ImmutableArray<PythonToken>? Read(string script)
    {
        var tokens = ImmutableArray.CreateBuilder<PythonToken>();
        Stack<char> brackets = [];
        int at = 0;
        while (at < script.Length)
        {
            char c = script[at];
            int start = at;
            if (c == '#')
            {
                while (at < script.Length && script[at] != '\n')
                    at++;
            }
            else if (c == '\\' && EndsLine(script, at + 1) is var next && next > 0)
            {
                at = next;
            }
            else if (c == '\n')
            {
                at++;
                if (brackets.Count == 0)
                    tokens.Add(new(PythonTokenKind.LineEnd, start, at));
            }
            else if (char.IsWhiteSpace(c))
            {
                at++;
            }
            else if (QuoteAt(script, at) is var quote && quote >= 0)
            {
                at = EndOfText(script, quote);
                if (at < 0)
                    return null;
                tokens.Add(new(PythonTokenKind.Text, start, at));
            }
            else if (char.IsLetter(c) || c == '_')
            {
                while (at < script.Length && (char.IsLetterOrDigit(script[at]) || script[at] == '_'))
                    at++;
                tokens.Add(new(PythonTokenKind.Name, start, at));
            }
            else if (char.IsDigit(c))
            {
                while (at < script.Length && (char.IsLetterOrDigit(script[at]) || script[at] is '_' or '.'))
                    at++;
                tokens.Add(new(PythonTokenKind.Number, start, at));
            }
            else
            {
                if (Open.Contains(c))
                    brackets.Push(Close[Open.IndexOf(c)]);
                else if (Close.Contains(c) && (brackets.Count == 0 || brackets.Pop() != c))
                    return null;
                tokens.Add(new(PythonTokenKind.Symbol, at, ++at));
            }
        }
        return brackets.Count == 0 ? tokens.ToImmutable() : null;
    }

    /// <summary>The start of the next line if a line ends here; 0 if not.</summary>
    private static int EndsLine(string script, int at) => at < script.Length && script[at] == '\n' ? at + 1
        : at + 1 < script.Length && script[at] == '\r' && script[at + 1] == '\n' ? at + 2 : 0;

    /// <summary>Where the quote stands of a text that begins here, prefix or not; -1 for none.</summary>
    private static int QuoteAt(string script, int at)
    {
        int quote = at;
        while (quote < script.Length && quote < at + 2 && "rRbBuUfFtT".Contains(script[quote]))
            quote++;
        return quote < script.Length && script[quote] is '"' or '\'' ? quote : -1;
    }

    private static int EndOfText(string script, int quote)
    {
        string triple = new(script[quote], 3), mark = string.CompareOrdinal(script, quote, triple, 0, 3) == 0 ? triple : triple[..1];
        for (int at = quote + mark.Length; at < script.Length; at++)
        {
            if (script[at] == '\\')
                at++;
            else if (mark.Length == 1 && script[at] == '\n')
                return -1;
            else if (string.CompareOrdinal(script, at, mark, 0, mark.Length) == 0)
                return at + mark.Length;
        }
        return -1;
    }
}
