using System.Text;
using EthosU.Pipeline.Reports;

namespace EthosU.LanguageServer.Hosting;

/// <summary>
/// Text for the places of the editor that read markup in it. Names in models, files and messages are anybody's: without this a node's name
/// becomes a link that runs a command when it is clicked.
/// </summary>
internal static class EditorText
{
    /// <summary>For notifications and progress, where <c>[text](link)</c> is a link.</summary>
    public static string Notice(string text) => PlainText.Of(text).Replace("](", "] (", StringComparison.Ordinal);

    /// <summary>For labels of one line, such as code lenses, where <c>$(name)</c> is a picture.</summary>
    public static string Label(string text) => PlainText.Line(text).Replace("$(", "$ (", StringComparison.Ordinal);

    /// <summary>For Markdown: every character that could mean something stands for itself.</summary>
    public static string Markdown(string text)
    {
        StringBuilder result = new(text.Length + 16);
        foreach (char c in PlainText.Line(text))
        {
            if (char.IsAsciiLetterOrDigit(c) || c is ' ' or '\'' or '"' or ',' or ';' || c > '\u007F')
                result.Append(c);
            else
                result.Append('\\').Append(c);
        }
        return result.ToString();
    }
}
