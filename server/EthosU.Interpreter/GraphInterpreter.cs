using System.Collections.Concurrent;
using EthosU.Graphs;
using EthosU.Interpreter.Variables;

namespace EthosU.Interpreter;

/// <summary>
/// Runs a graph, with the results of TensorFlow Lite Micro's reference kernels, byte for byte for integers. Kernels and memory
/// are planned once, when it is made. Safe for use by several threads at once.
/// </summary>
public sealed class GraphInterpreter
{
    private const long BytesAtOnce = 1 << 26;
    private const int MostAtOnce = 8;

    private readonly ExecutionPlan plan;
    // The outputs of the latter are nobody's, and written again.
    private readonly ConcurrentBag<InterpreterSession> idle = [], watching = [];
    private readonly InterpreterSession? stateful;

    /// <summary>Prepares a graph.</summary>
    /// <exception cref="InvalidGraphException">The graph breaks the rules of the representation.</exception>
    /// <exception cref="UnsupportedModelException">It holds operators, types or parameters without a kernel; all of them are
    /// named.</exception>
    public GraphInterpreter(Graph graph, InterpreterOptions? options = null)
    {
        plan = new(graph, options ?? new());
        if (plan.HasVariables || plan.HasResources)
            stateful = CreateSession();
    }

    /// <summary>How many runs may well go on at once: as many as have memory in a bounded amount, and one at least.</summary>
    public int RunsAtOnce => (int)Math.Clamp(BytesAtOnce / Math.Max(1, (long)plan.ArenaBytes + plan.ScratchBytes), 1, MostAtOnce);

    /// <summary>True if the graph has recurrent state.</summary>
    internal bool HasVariables => plan.HasVariables;

    /// <summary>A running instance with its own memory and recurrent state, for one thread at a time.</summary>
    /// <exception cref="UnsupportedModelException">There is not enough memory for the graph's tensors.</exception>
    public InterpreterSession CreateSession()
    {
        try
        {
            return new(plan);
        }
        catch (Exception e) when (e is OutOfMemoryException or OverflowException)
        {
            throw new UnsupportedModelException([new("interpreter-memory", FindingSeverity.Error,
                $"Its tensors need {(long)plan.ArenaBytes + plan.ScratchBytes} bytes, more than there is.", "Use smaller inputs.",
                Source.None)]);
        }
    }

    /// <summary>Sets the recurrent state that <see cref="Run"/> carries on to what it is at start-up: the zero point, or 0.</summary>
    public void ResetVariables()
    {
        if (stateful is null)
            return;
        lock (stateful)
            stateful.ResetVariables();
    }

    /// <summary>Runs the graph once. Recurrent state carries on from the run before.</summary>
    /// <param name="inputs">A value for each input of the graph, of its type and shape.</param>
    /// <param name="observer">Called with each tensor that a node computes; it may keep the value.</param>
    /// <param name="cancellation">Checked before each node.</param>
    /// <returns>A value for each output of the graph.</returns>
    /// <exception cref="ArgumentException">An input is of another type or shape.</exception>
    /// <exception cref="UnsupportedModelException">A node cannot run on the values it gets.</exception>
    public TensorData[] Run(IReadOnlyList<TensorData> inputs, Action<Tensor, TensorData>? observer = null,
        CancellationToken cancellation = default)
    {
        if (stateful is null)
            return RunPooled(inputs, InterpreterSession.Keeping(observer), cancellation);
        lock (stateful)
            return stateful.Run(inputs, observer, cancellation);
    }

    /// <summary>Runs the graph once, with recurrent state at rest, and shows each value where it lies: nothing is copied.</summary>
    /// <param name="inputs">A value for each input of the graph, of its type and shape.</param>
    /// <param name="watcher">Called with each tensor that a node computes.</param>
    /// <param name="cancellation">Checked before each node.</param>
    /// <exception cref="ArgumentException">An input is of another type or shape.</exception>
    /// <exception cref="UnsupportedModelException">A node cannot run on the values it gets.</exception>
    public void Watch(IReadOnlyList<TensorData> inputs, TensorWatcher watcher, CancellationToken cancellation = default) =>
        Pooled(watching, session => session.Run(inputs, watcher, null, reuse: true, cancellation));

    /// <summary>Runs the graph on many samples, on all cores. Each sample starts with recurrent state at rest.</summary>
    /// <param name="samples">The inputs of each sample.</param>
    /// <param name="progress">Told the number of samples done.</param>
    /// <param name="cancellation">Stops between nodes.</param>
    /// <exception cref="ArgumentException">An input is of another type or shape.</exception>
    /// <exception cref="UnsupportedModelException">A node cannot run on the values it gets.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public TensorData[][] RunBatch(IReadOnlyList<IReadOnlyList<TensorData>> samples, IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        var results = new TensorData[samples.Count][];
        int done = 0;
        ParallelLoop.For(samples.Count, i =>
        {
            results[i] = RunPooled(samples[i], null, cancellation);
            progress?.Report(Interlocked.Increment(ref done));
        }, cancellation);
        return results;
    }

    /// <summary>Runs the graph once for an operator of another graph, with that graph's resource variables.</summary>
    internal TensorData[] RunNested(IReadOnlyList<TensorData> inputs, Frame frame) =>
        RunPooled(inputs, null, frame.Cancellation, frame.Variables);

    private TensorData[] RunPooled(IReadOnlyList<TensorData> inputs, TensorWatcher? watcher, CancellationToken cancellation,
        VariableStore? variables = null) =>
        Pooled(idle, session => session.Run(inputs, watcher, variables, reuse: false, cancellation));

    private TensorData[] Pooled(ConcurrentBag<InterpreterSession> pool, Func<InterpreterSession, TensorData[]> run)
    {
        if (!pool.TryTake(out InterpreterSession? session))
            session = CreateSession();
        else
            session.ResetVariables();
        try
        {
            return run(session);
        }
        finally
        {
            pool.Add(session);
        }
    }
}
