namespace EthosU.LanguageServer.Python.Fixes;

/// <summary>A stretch of a text that becomes another.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="End">The character behind it.</param>
/// <param name="Text">What takes its place.</param>
internal sealed record TextChange(int Start, int End, string Text);
