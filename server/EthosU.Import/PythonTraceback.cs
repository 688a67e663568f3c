using System.Collections.Immutable;
using System.Globalization;
using EthosU.Graphs;

namespace EthosU.Import;

/// <summary>Reads Python's tracebacks as exporters record them: outermost call first.</summary>
public static class PythonTraceback
{
    private const string Start = "File \"", Line = "\", line ", In = ", in ";
    private const int MostDigits = 9;

    /// <summary>The frames, innermost first.</summary>
    public static ImmutableArray<PythonFrame> Read(string text)
    {
        List<PythonFrame> frames = [];
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> trimmed = line.Trim();
            if (Frame(trimmed) is { } frame)
                frames.Add(frame);
            else if (frames.Count > 0 && frames[^1].Text is null && !trimmed.IsEmpty)
                frames[^1] = frames[^1] with { Text = trimmed.ToString() };
        }
        frames.Reverse();
        return [.. frames];
    }

    /// <summary>The frame of <c>File "net.py", line 12, in forward</c>; null for other lines.</summary>
    private static PythonFrame? Frame(ReadOnlySpan<char> line)
    {
        if (!line.StartsWith(Start))
            return null;
        int end = line.IndexOf(Line);
        if (end <= Start.Length)
            return null;
        ReadOnlySpan<char> rest = line[(end + Line.Length)..];
        int digits = 0;
        while (digits < rest.Length && char.IsAsciiDigit(rest[digits]))
            digits++;
        if (digits is 0 or > MostDigits)
            return null;
        string? function = rest[digits..].StartsWith(In) ? rest[(digits + In.Length)..].Trim().ToString() : null;
        return new(line[Start.Length..end].ToString(), int.Parse(rest[..digits], CultureInfo.InvariantCulture), function);
    }
}
