namespace EthosU.LanguageServer.Python.Lexing;

/// <summary>A token of a script; comments are none.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Its first character.</param>
/// <param name="End">The character behind it.</param>
internal readonly record struct PythonToken(PythonTokenKind Kind, int Start, int End);
