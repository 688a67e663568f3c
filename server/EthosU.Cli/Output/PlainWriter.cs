using System.Text;
using EthosU.Pipeline.Reports;

namespace EthosU.Cli.Output;

/// <summary>A console's writer that shows no text's control characters as they are: names and messages come from files.</summary>
/// <param name="console">What is written to.</param>
internal sealed class PlainWriter(TextWriter console) : TextWriter
{
    /// <summary>The console itself, for what makes its own control characters of texts that it has made plain.</summary>
    public TextWriter Console => console;

    /// <inheritdoc/>
    public override Encoding Encoding => console.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => console.Write(char.IsSurrogate(value) ? value.ToString() : PlainText.Of(value.ToString()));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    /// <inheritdoc/>
    public override void Write(string? value) => console.Write(value is null ? null : PlainText.Of(value));

    /// <inheritdoc/>
    public override void WriteLine(string? value)
    {
        Write(value);
        console.WriteLine();
    }

    /// <inheritdoc/>
    public override void WriteLine() => console.WriteLine();

    /// <inheritdoc/>
    public override void Flush() => console.Flush();
}
