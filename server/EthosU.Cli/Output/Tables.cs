using EthosU.Pipeline.Reports;
using Spectre.Console;

namespace EthosU.Cli.Output;

/// <summary>Tables on a text writer, as wide as the terminal, or as wide as they like where there is none.</summary>
internal static class Tables
{
    private const int Unlimited = 10_000;

    /// <summary>A table without lines but one under its head.</summary>
    /// <param name="columns">Heads; one that ends with <c>&gt;</c> is aligned to the right.</param>
    public static Table Create(params ReadOnlySpan<string> columns)
    {
        Table table = new() { Border = TableBorder.Simple, ShowHeaders = true };
        foreach (string column in columns)
        {
            bool right = column.EndsWith('>');
            TableColumn made =
                new(Markup.Escape(right ? column[..^1] : column)) { NoWrap = right, Alignment = right ? Justify.Right : Justify.Left };
            table.AddColumn(made);
        }
        return table;
    }

    /// <summary>Adds a row of plain texts.</summary>
    public static void Add(this Table table, params ReadOnlySpan<string> cells)
    {
        var escaped = new string[cells.Length];
        for (int i = 0; i < cells.Length; i++)
            escaped[i] = Markup.Escape(PlainText.Line(cells[i]));
        table.AddRow(escaped);
    }

    /// <summary>Writes a table.</summary>
    public static void Write(TextWriter writer, Table table)
    {
        // The cells are plain already; the table's own codes are meant for the terminal.
        if (writer is PlainWriter plain)
            writer = plain.Console;
        bool terminal = writer == Console.Out && !Console.IsOutputRedirected;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!terminal)
            console.Profile.Width = Unlimited;
        console.Write(table);
    }
}
