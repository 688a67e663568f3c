namespace EthosU.LanguageServer.Python.Lexing;

/// <summary>Kinds of tokens.</summary>
internal enum PythonTokenKind
{
    /// <summary>A name or keyword.</summary>
    Name,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A text, with its prefix and quotes.</summary>
    Text,

    /// <summary>An operator or bracket, one character each.</summary>
    Symbol,

    /// <summary>The end of a statement's line; none inside brackets.</summary>
    LineEnd,
}
