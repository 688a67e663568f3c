using System.Globalization;

namespace EthosU.Graphs;

/// <summary>
/// Watches the passes that a model goes through, or leaves the last ones out, so that the one which is at fault can be found. Passes are
/// counted over a whole run of the program, from conversion to compilation.
/// </summary>
/// <param name="mode">What is done.</param>
/// <param name="limit">For <see cref="PassMode.Bisect"/>: how many passes run.</param>
/// <param name="write">Takes the lines that are to be shown.</param>
public sealed class PassInstrumentation(PassMode mode, int limit, Action<string> write)
{
    /// <summary>The forms of <see cref="Parse"/>, for messages.</summary>
    public const string Forms = "print, verify or bisect:N";

    private int count;

    /// <summary>Reads <c>print</c>, <c>verify</c> or <c>bisect:N</c>; null if the text is none of these.</summary>
    public static PassInstrumentation? Parse(string text, Action<string> write)
    {
        if (text == "print")
            return new(PassMode.Print, 0, write);
        if (text == "verify")
            return new(PassMode.Verify, 0, write);
        const string bisect = "bisect:";
        return text.StartsWith(bisect, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(bisect.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int limit)
            ? new(PassMode.Bisect, limit, write) : null;
    }

    /// <summary>Runs a pass, or leaves it out.</summary>
    /// <param name="name">What it does.</param>
    /// <param name="graph">The graph before.</param>
    /// <param name="pass">The pass; gives the same object where there is nothing to do.</param>
    /// <param name="canBeLeftOut">False if what follows relies on it.</param>
    /// <exception cref="InvalidGraphException"><see cref="PassMode.Verify"/>: the pass broke the graph; the message names it.</exception>
    public Graph Run(string name, Graph graph, Func<Graph, Graph> pass, bool canBeLeftOut = true)
    {
        string title = string.Create(CultureInfo.InvariantCulture, $"pass {++count} {name}");
        bool isBeyond = mode == PassMode.Bisect && count > limit;
        if (isBeyond && canBeLeftOut)
        {
            write($"{title}: left out");
            return graph;
        }
        Graph result = pass(graph);
        if (mode == PassMode.Verify)
            result.Verify(name);
        write($"{title}: {(result == graph ? "no change" : "changed")}{(isBeyond ? ", cannot be left out" : "")}");
        if (mode == PassMode.Print && result != graph)
            write(GraphListing.Write(result).TrimEnd('\n'));
        return result;
    }

    /// <summary>Shows what a stage made that gives no graph; it can never be left out.</summary>
    /// <param name="name">The stage.</param>
    /// <param name="listing">What it made; asked for only where it is shown.</param>
    public void Show(string name, Func<string> listing)
    {
        if (mode == PassMode.Print)
            write($"stage {name}\n{listing().TrimEnd('\n')}");
    }
}
