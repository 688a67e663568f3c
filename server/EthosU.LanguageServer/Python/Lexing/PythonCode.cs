using System.Collections.Immutable;
using System.Text.RegularExpressions;
using EthosU.LanguageServer.Hosting;

namespace EthosU.LanguageServer.Python.Lexing;

/// <summary>A script's tokens by statements: what is imported, which calls stand where, what attributes are made of.</summary>
internal sealed partial class PythonCode
{
    private readonly ImmutableArray<PythonToken> tokens;
    private readonly List<(int From, int To)> statements = [];
    private readonly Dictionary<string, string?> imports = new(StringComparer.Ordinal);

    private PythonCode(string script, ImmutableArray<PythonToken> tokens)
    {
        (Script, this.tokens) = (script, tokens);
        int from = 0;
        for (int i = 0; i <= tokens.Length; i++)
        {
            if (i < tokens.Length && tokens[i].Kind != PythonTokenKind.LineEnd)
                continue;
            if (i > from)
                statements.Add((from, i));
            from = i + 1;
        }
        foreach ((int first, int end) in statements)
            ReadImports(first, end);
        foreach ((int first, int end) in statements)
            ForgetAssigned(first, end);
    }

    /// <summary>The script.</summary>
    public string Script { get; }

    /// <summary>Where a name that was imported from a module ends in its import statement: another can follow it there.</summary>
    public Dictionary<string, int> ImportedFrom { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a script; null where its brackets or texts do not end.</summary>
    public static PythonCode? Read(string script) => PythonLexer.Read(script) is { } tokens ? new(script, tokens) : null;

    /// <summary>The statement on a line, from 0, as a stretch of tokens; empty if there is none.</summary>
    public (int From, int To) StatementOn(int line)
    {
        if (TextLines.BoundsOf(Script, line) is not { } bounds)
            return default;
        return statements.Find(statement => tokens[statement.From].Start < bounds.End && tokens[statement.To - 1].End > bounds.Start);
    }

    /// <summary>The text of a token.</summary>
    public string TextOf(PythonToken token) => Script[token.Start..token.End];

    /// <summary>The token of a number; for looking beside a call.</summary>
    public PythonToken this[int token] => tokens[token];

    /// <summary>The calls in a stretch of tokens whose functions are known, inner ones too.</summary>
    public IEnumerable<PythonCall> CallsIn((int From, int To) part)
    {
        for (int i = part.From; i < part.To; i++)
        {
            if (tokens[i].Kind != PythonTokenKind.Name || (i > part.From && Is(i - 1, '.')))
                continue;
            int last = i;
            while (last + 2 < part.To && Is(last + 1, '.') && tokens[last + 2].Kind == PythonTokenKind.Name)
                last += 2;
            if (last + 1 >= part.To || !Is(last + 1, '(') || FullName(i, last) is not { } function)
                continue;
            int close = EndOfBrackets(last + 1);
            yield return new(function, i, tokens[last], tokens[i].Start, tokens[last + 1].Start, tokens[close].Start,
                ArgumentsOf(last + 2, close));
        }
    }

    /// <summary>
    /// The right side of the one statement that gives <c>self.NAME</c> its value in the class around a statement; null where there is
    /// none, or more than one.
    /// </summary>
    public (int From, int To)? ValueOfAttribute((int From, int To) statement, string name)
    {
        if (ClassAround(statement) is not { } owner)
            return null;
        (int From, int To)? found = null;
        foreach ((int from, int to) in statements)
        {
            if (to - from < 5 || TextOf(tokens[from]) != "self" || !Is(from + 1, '.') || TextOf(tokens[from + 2]) != name
                || ClassAround((from, to)) != owner)
                continue;
            int equals = from + 3;
            if (Is(equals, ':'))
                while (equals < to && !Is(equals, '='))
                    equals++;
            if (equals + 1 >= to || !Is(equals, '='))
                continue;
            if (found is not null)
                return null;
            found = (equals + 1, to);
        }
        return found;
    }

    /// <summary>The number of the class statement around another, by indentation; null outside of classes.</summary>
    private int? ClassAround((int From, int To) statement)
    {
        int index = statements.IndexOf(statement), indentation = ColumnOf(statement.From);
        for (int i = index - 1; i >= 0; i--)
        {
            int column = ColumnOf(statements[i].From);
            if (column >= indentation)
                continue;
            if (TextOf(tokens[statements[i].From]) == "class")
                return i;
            indentation = column;
        }
        return null;
    }

    private int ColumnOf(int token) => tokens[token].Start - (Script.LastIndexOf('\n', Math.Max(0, tokens[token].Start - 1)) + 1);

    private bool Is(int token, char symbol) =>
        token < tokens.Length && tokens[token].Kind == PythonTokenKind.Symbol && Script[tokens[token].Start] == symbol;

    private int EndOfBrackets(int open)
    {
        int depth = 0;
        for (int i = open; ; i++)
        {
            if (tokens[i].Kind != PythonTokenKind.Symbol)
                continue;
            char c = Script[tokens[i].Start];
            if (c is '(' or '[' or '{')
                depth++;
            else if (c is ')' or ']' or '}' && --depth == 0)
                return i;
        }
    }

    private ImmutableArray<PythonArgument>? ArgumentsOf(int from, int close)
    {
        var arguments = ImmutableArray.CreateBuilder<PythonArgument>();
        int start = from, depth = 0;
        for (int i = from; i <= close; i++)
        {
            bool isSymbol = tokens[i].Kind == PythonTokenKind.Symbol;
            char c = Script[tokens[i].Start];
            if (i < close && isSymbol && c is '(' or '[' or '{')
                depth++;
            else if (i < close && isSymbol && c is ')' or ']' or '}')
                depth--;
            if (i < close && (depth > 0 || !Is(i, ',')))
                continue;
            if (i > start)
            {
                if (Is(start, '*') || IsComprehension(start, i))
                    return null;
                bool named = i - start > 2 && tokens[start].Kind == PythonTokenKind.Name && Is(start + 1, '=') && !Is(start + 2, '=');
                arguments.Add(new(named ? TextOf(tokens[start]) : null, tokens[start].Start, tokens[named ? start + 2 : start].Start,
                    tokens[i - 1].End));
            }
            start = i + 1;
        }
        return arguments.ToImmutable();
    }

    private bool IsComprehension(int from, int to)
    {
        int depth = 0;
        for (int i = from; i < to; i++)
        {
            if (Is(i, '(') || Is(i, '[') || Is(i, '{'))
                depth++;
            else if (Is(i, ')') || Is(i, ']') || Is(i, '}'))
                depth--;
            else if (depth == 0 && tokens[i].Kind == PythonTokenKind.Name && TextOf(tokens[i]) == "for")
                return true;
        }
        return false;
    }

    private string? FullName(int first, int last)
    {
        string head = TextOf(tokens[first]);
        string rest = string.Concat(Enumerable.Range(first + 1, last - first).Select(i => TextOf(tokens[i])));
        if (head == "self")
            return head + rest;
        return imports.GetValueOrDefault(head) is { } module ? Implementation().Replace(module + rest, "torch.nn.") : null;
    }

    private void ReadImports(int from, int to)
    {
        switch (TextOf(tokens[from]))
        {
            case "import":
                for (int i = from + 1; i < to;)
                {
                    string path = ReadPath(ref i, to);
                    if (path.Length == 0)
                        return;
                    if (i + 1 < to && TextOf(tokens[i]) == "as")
                    {
                        Bind(TextOf(tokens[i + 1]), path);
                        i += 2;
                    }
                    else
                    {
                        Bind(path.Split('.')[0], path.Split('.')[0]);
                    }
                    i++; // the comma
                }
                return;
            case "from":
            {
                int i = from + 1;
                string module = ReadPath(ref i, to);
                if (module.Length == 0 || i >= to || TextOf(tokens[i]) != "import")
                    return;
                for (i++; i < to; i++)
                {
                    if (tokens[i].Kind != PythonTokenKind.Name)
                        continue;
                    string name = TextOf(tokens[i]), local = name;
                    if (i + 2 < to && TextOf(tokens[i + 1]) == "as")
                        local = TextOf(tokens[i += 2]);
                    Bind(local, $"{module}.{name}");
                    ImportedFrom[local] = tokens[i].End;
                }
                return;
            }
        }
    }

    private string ReadPath(ref int at, int to)
    {
        int first = at;
        while (at < to && (tokens[at].Kind == PythonTokenKind.Name || Is(at, '.')) && TextOf(tokens[at]) is not ("import" or "as"))
            at++;
        return string.Concat(Enumerable.Range(first, at - first).Select(i => TextOf(tokens[i])));
    }

    /// <summary>A name that means two things means none.</summary>
    private void Bind(string name, string meaning) =>
        imports[name] = imports.TryGetValue(name, out string? before) && before != meaning ? null : meaning;

    /// <summary>An imported name that is given another value, or is a function, class or parameter of its own, is none any more.</summary>
    private void ForgetAssigned(int from, int to)
    {
        string first = TextOf(tokens[from]);
        if (first is "def" or "class" && from + 1 < to)
            imports.Remove(TextOf(tokens[from + 1]));
        int depth = 0;
        for (int i = from; i + 1 < to; i++)
        {
            if (Is(i, '(') || Is(i, '[') || Is(i, '{'))
                depth++;
            else if (Is(i, ')') || Is(i, ']') || Is(i, '}'))
                depth--;
            bool isTarget = tokens[i].Kind == PythonTokenKind.Name && !(i > from && Is(i - 1, '.'));
            if (isTarget && ((depth == 0 && Is(i + 1, '=') && !Is(i + 2, '=')) 
                || (first == "def" && depth == 1 && i > from && (Is(i - 1, '(') || Is(i - 1, ',') || Is(i - 1, '*')))
                || (i > from && first is not ("import" or "from") && TextOf(tokens[i - 1]) is "for" or "as")))
                imports.Remove(TextOf(tokens[i]));
        }
    }

    [GeneratedRegex(@"^torch\.nn\.modules\.\w+\.", RegexOptions.CultureInvariant)]
    private static partial Regex Implementation();
}
