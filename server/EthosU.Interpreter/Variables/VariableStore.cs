using EthosU.Graphs;

namespace EthosU.Interpreter.Variables;

/// <summary>
/// The resource variables of one running instance, by container and name, and which graphs have run once. For one thread at a time.
/// </summary>
internal sealed class VariableStore
{
    private readonly Dictionary<string, byte[]> values = [];
    private readonly HashSet<Graph> initialized = [];

    /// <summary>Sets everything to what it is at start-up.</summary>
    public void Clear()
    {
        values.Clear();
        initialized.Clear();
    }

    /// <summary>True the first time that it is asked for a graph.</summary>
    public bool IsFirstRun(Graph graph) => initialized.Add(graph);

    /// <summary>A variable's value; one that nothing was assigned to holds the zero point, or 0.</summary>
    /// <exception cref="InvalidOperationException">It holds a value of another size.</exception>
    public ReadOnlySpan<byte> Read(string name, int bytes, byte initial)
    {
        if (!values.TryGetValue(name, out byte[]? value))
        {
            values[name] = value = new byte[bytes];
            value.AsSpan().Fill(initial);
        }
        return value.Length == bytes ? value
            : throw new InvalidOperationException($"the variable '{name}' holds {value.Length} bytes, {bytes} are read");
    }

    /// <summary>Sets a variable's value.</summary>
    public void Assign(string name, ReadOnlySpan<byte> value)
    {
        if (values.TryGetValue(name, out byte[]? known) && known.Length == value.Length)
            value.CopyTo(known);
        else
            values[name] = value.ToArray();
    }
}
