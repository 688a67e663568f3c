namespace EthosU.Graphs;

/// <summary>A line of Python recorded by the exporter.</summary>
/// <param name="File">Path as recorded; it may come from another machine.</param>
/// <param name="Line">Line number, from 1.</param>
/// <param name="Function">The function that the line is in, if recorded.</param>
/// <param name="Text">The line's text, if recorded.</param>
public sealed record PythonFrame(string File, int Line, string? Function = null, string? Text = null);
