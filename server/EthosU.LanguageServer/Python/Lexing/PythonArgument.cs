namespace EthosU.LanguageServer.Python.Lexing;

/// <summary>An argument of a call.</summary>
/// <param name="Name">Its keyword; null for one by position.</param>
/// <param name="Start">Its first character, the keyword's where it has one.</param>
/// <param name="ValueStart">The first character of its value.</param>
/// <param name="End">The character behind it.</param>
internal sealed record PythonArgument(string? Name, int Start, int ValueStart, int End);
