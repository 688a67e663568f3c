using EthosU.LanguageServer.Protocol;

namespace EthosU.LanguageServer.Hosting;

/// <summary>Between places in a text and its lines, both from 0.</summary>
internal static class TextLines
{
    /// <summary>The line and column of a character.</summary>
    public static Position PositionOf(string text, int offset)
    {
        int start = offset == 0 ? 0 : text.LastIndexOf('\n', offset - 1) + 1;
        return new(text.AsSpan(0, offset).Count('\n'), offset - start);
    }

    /// <summary>Where a line begins and where its end stands; null if the text has fewer lines.</summary>
    public static (int Start, int End)? BoundsOf(string text, int line)
    {
        int start = 0;
        for (int i = 0; i < line; i++)
        {
            start = text.IndexOf('\n', start) + 1;
            if (start == 0)
                return null;
        }
        return (start, text.IndexOf('\n', start) is var end && end >= 0 ? end : text.Length);
    }
}
