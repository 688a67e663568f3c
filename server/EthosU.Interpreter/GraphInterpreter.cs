using EthosU.Graphs;

namespace EthosU.Interpreter;

/// <summary>Runs a graph, with TensorFlow Lite's results. Safe for use by several threads at once unless the graph has variables.</summary>
public sealed class GraphInterpreter
{
    private readonly Graph graph;
    private readonly InterpreterOptions options;
    private readonly Dictionary<Tensor, int> lastUse = [];
    private readonly Dictionary<Tensor, TensorData> variables = [];

    /// <summary>Prepares a graph.</summary>
    /// <exception cref="UnsupportedModelException">It holds operators or types without a kernel; all of them are named.</exception>
    public GraphInterpreter(Graph graph, InterpreterOptions? options = null)
    {
        this.graph = graph;
        this.options = options ?? new();
        List<Finding> problems = [];
        for (int i = 0; i < graph.Nodes.Length; i++)
        {
            Node node = graph.Nodes[i];
            foreach (Tensor? input in node.Inputs)
                if (input is not null)
                    lastUse[input] = i;
            if (KernelTable.WhyNot(node, this.options) is { } reason)
                problems.Add(new("interpreter-no-kernel", FindingSeverity.Error, reason,
                    "Run it in a runtime that knows it, or express it by other operators.", node.Source) { Operator = node.Operator.Name });
        }
        foreach (Tensor output in graph.Outputs)
            lastUse[output] = int.MaxValue;
        if (problems.Count > 0)
            throw new UnsupportedModelException([.. problems]);
        ResetVariables();
    }

    /// <summary>Sets recurrent state to what it is at start-up: the zero point, or 0.</summary>
    public void ResetVariables()
    {
        foreach (Tensor tensor in graph.Tensors.Where(tensor => tensor.IsVariable))
            variables[tensor] = VariableState.Initial(tensor);
    }

    /// <summary>Runs the graph once.</summary>
    /// <param name="inputs">A value for each input of the graph, of its type and shape.</param>
    /// <param name="observer">Called with each tensor that a node computes.</param>
    /// <param name="cancellation">Checked before each node.</param>
    /// <returns>A value for each output of the graph.</returns>
    /// <exception cref="ArgumentException">An input is of another type or shape.</exception>
    public TensorData[] Run(IReadOnlyList<TensorData> inputs, Action<Tensor, TensorData>? observer = null, CancellationToken cancellation = default)
    {
        if (inputs.Count != graph.Inputs.Length)
            throw new ArgumentException($"the model has {graph.Inputs.Length} inputs, {inputs.Count} are given", nameof(inputs));
        Dictionary<Tensor, TensorData> values = [];
        for (int i = 0; i < inputs.Count; i++)
        {
            Tensor input = graph.Inputs[i];
            if (inputs[i].Type != input.Type || inputs[i].Shape != input.Shape)
                throw new ArgumentException($"input '{input.Name}' is {input.Type.DisplayName()}{input.Shape}, given is {inputs[i].Type.DisplayName()}{inputs[i].Shape}", nameof(inputs));
            values[input] = inputs[i];
        }
        for (int i = 0; i < graph.Nodes.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Node node = graph.Nodes[i];
            TensorData[] results = KernelTable.Run(new KernelCall(node, [.. node.Inputs.Select(Value)], options, variables));
            for (int j = 0; j < results.Length; j++)
            {
                values[node.Outputs[j]] = results[j];
                observer?.Invoke(node.Outputs[j], results[j]);
            }
            foreach (Tensor? input in node.Inputs)
                if (input is not null && lastUse[input] == i)
                    values.Remove(input);
        }
        return [.. graph.Outputs.Select(output => Value(output)!)];

        TensorData? Value(Tensor? tensor) => tensor is null ? null
            : tensor.Data ?? (values.TryGetValue(tensor, out TensorData? value) ? value : variables.GetValueOrDefault(tensor));
    }

    /// <summary>Runs the graph on many samples, on all cores. Not for graphs with variables, whose samples depend on each other.</summary>
    /// <param name="samples">The inputs of each sample.</param>
    /// <param name="progress">Told the number of samples done.</param>
    /// <param name="cancellation">Stops between nodes.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public TensorData[][] RunBatch(IReadOnlyList<IReadOnlyList<TensorData>> samples, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        var results = new TensorData[samples.Count][];
        int done = 0;
        if (variables.Count > 0)
        {
            for (int i = 0; i < samples.Count; i++)
            {
                ResetVariables();
                results[i] = Run(samples[i], null, cancellation);
                progress?.Report(++done);
            }
            return results;
        }
        Parallel.For(0, samples.Count, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            results[i] = Run(samples[i], null, cancellation);
            progress?.Report(Interlocked.Increment(ref done));
        });
        return results;
    }
}
