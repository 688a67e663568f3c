using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;

namespace EthosU.Cli;

/// <summary>The options that fix symbolic sizes of a model's inputs, common to the commands that take one.</summary>
internal sealed class SizeArguments
{
    private readonly Option<int>? batch;
    private readonly Option<string[]> dimensions =
        new("--dim") { Description =
        "Fix a symbolic size of an input: by its name, height=192, or by the input and the axis, image:2=192; may be repeated.", HelpName =
        "NAME=N" };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="hasBatch">False where the batch size follows from something else.</param>
    public SizeArguments(Command command, bool hasBatch = true)
    {
        if (hasBatch)
            command.Add(batch =
                new("--batch") { Description = "What a symbolic batch size of an input becomes.", HelpName = "N", DefaultValueFactory =
                static _ => 1 });
        command.Add(dimensions);
    }

    /// <summary>The batch size.</summary>
    /// <exception cref="UsageException">It is below 1.</exception>
    public int Batch(ParseResult result) => batch is null ? 1 : result.GetValue(batch) is >= 1 and var size ? size
        : throw new UsageException("--batch must be at least 1");

    /// <summary>The other sizes, by name.</summary>
    /// <exception cref="UsageException">One is no name and number.</exception>
    public ImmutableDictionary<string, int> Sizes(ParseResult result)
    {
        var sizes = ImmutableDictionary<string, int>.Empty;
        foreach (string text in result.GetValue(dimensions) ?? [])
        {
            int at = text.LastIndexOf('=');
            if (at < 1 || !int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int size) || size < 1)
                throw new UsageException($"--dim takes a name and a number of at least 1, such as height=192, not '{text}'");
            sizes = sizes.SetItem(text[..at], size);
        }
        return sizes;
    }
}
