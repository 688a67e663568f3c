using System.Collections.Immutable;
using System.Globalization;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Reading;

/// <summary>
/// Reads sizes: numbers, and expressions as SymPy writes them, such as <c>Mul(Integer(2), Symbol('s0'))</c> (pt2-format 3).
/// </summary>
internal sealed class SizeReader
{
    private const int Longest = 1 << 14, Deepest = 64;
    private readonly string text;
    private readonly JsonNode node;
    private int at, depth;

    private SizeReader(string text, JsonNode node) => (this.text, this.node) = (text, node);

    /// <summary>A size.</summary>
    public static DynamicSize Read(JsonNode size)
    {
        JsonNode form = size.Single();
        switch (form.Name)
        {
            case "as_int":
                long number = form.Integer();
                return number >= 0 ? new(new SizeExpression.Number(number), number)
                    : throw size.Source.Problem($"the size {number} is negative");
            case "as_expr":
                JsonNode expression = form["expr_str"];
                string text = expression.Text();
                if (text.Length > Longest)
                    throw expression.Source.Problem("the expression of a size is longer than that of any network");
                return new(new SizeReader(text, expression).ReadAll(), form.Find("hint") is { } hint ? Number(hint) : null);
            default:
                throw form.Wrong("as_int or as_expr");
        }
    }

    /// <summary>A size that must be known; null if it is an expression.</summary>
    public static long? Number(JsonNode size) => size.Single() is { Name: "as_int" } form ? form.Integer() : null;

    private SizeExpression ReadAll()
    {
        SizeExpression expression = ReadExpression();
        return at == text.Length ? expression : throw Wrong();
    }

    private SizeExpression ReadExpression()
    {
        if (++depth > Deepest)
            throw node.Source.Problem("the expression of a size is nested deeper than that of any network");
        Skip();
        int start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '-' or '.'))
            at++;
        string word = text[start..at];
        SizeExpression read = Peek() == '(' ? ReadCall(word)
            : long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
                ? new SizeExpression.Number(number) : word.Length > 0 ? new SizeExpression.Call(word, []) : throw Wrong();
        depth--;
        return read;
    }

    private SizeExpression ReadCall(string function)
    {
        at++;
        if (function == "Symbol")
        {
            string name = ReadName();
            while (Peek() == ',')
                SkipAssumption();
            Expect(')');
            return new SizeExpression.Symbol(name);
        }
        ImmutableArray<SizeExpression>.Builder operands = ImmutableArray.CreateBuilder<SizeExpression>();
        while (Peek() != ')')
        {
            operands.Add(ReadExpression());
            if (Peek() == ',')
                at++;
            else if (Peek() != ')')
                throw Wrong();
        }
        at++;
        return function == "Integer" && operands is [SizeExpression.Number number] ? number
            : function.Length > 0 ? new SizeExpression.Call(function, operands.ToImmutable()) : throw Wrong();
    }

    private string ReadName()
    {
        char quote = Peek();
        if (quote is not '\'' and not '"')
            throw Wrong();
        int end = text.IndexOf(quote, at + 1);
        if (end < 0)
            throw Wrong();
        string name = text[(at + 1)..end];
        at = end + 1;
        return name;
    }

    /// <summary>What SymPy knows of a symbol, such as <c>positive=True</c>; the range says what matters.</summary>
    private void SkipAssumption()
    {
        at++;
        while (at < text.Length && text[at] is not ',' and not ')')
            at++;
    }

    private char Peek()
    {
        Skip();
        return at < text.Length ? text[at] : '\0';
    }

    private void Skip()
    {
        while (at < text.Length && text[at] == ' ')
            at++;
    }

    private void Expect(char expected)
    {
        if (Peek() != expected)
            throw Wrong();
        at++;
    }

    private Graphs.ModelFormatException Wrong() =>
        node.Source.Problem($"the expression '{text}' of a size cannot be read at character {at + 1}");
}
