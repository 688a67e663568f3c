using EthosU.Graphs;
using EthosU.Interpreter;

namespace EthosU.Quantize.Search;

/// <summary>What the quantization of single tensors does to the outputs of a network that computes in real numbers otherwise.</summary>
internal sealed class OutputEffects
{
    private readonly Graph graph;
    private readonly TensorData[][] samples;
    private readonly float[][][] wanted;
    private readonly double signal;

    /// <summary>Runs the network as it is.</summary>
    /// <param name="graph">The graph in real numbers.</param>
    /// <param name="samples">Inputs of it.</param>
    /// <param name="cancellation">Stops between operators.</param>
    public OutputEffects(Graph graph, TensorData[][] samples, CancellationToken cancellation)
    {
        (this.graph, this.samples) = (graph, samples);
        GraphInterpreter interpreter = new(graph);
        RunsAtOnce = interpreter.RunsAtOnce;
        InterpreterSession session = interpreter.CreateSession();
        wanted = [.. samples.Select(sample => Run(session, sample, cancellation))];
        signal = wanted.Sum(static sample => sample.Sum(static output => output.Sum(static value => (double)value * value)));
    }

    /// <summary>How many tensors may be looked at at once, by the memory that a run takes.</summary>
    public int RunsAtOnce { get; }

    /// <summary>Noise of the outputs over their signal where one tensor is rounded and clipped; infinite where it is not finite.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="quantization">How its integers stand for numbers.</param>
    /// <param name="cancellation">Stops between operators.</param>
    public double Of(Tensor tensor, Quantization quantization, CancellationToken cancellation)
    {
        InterpreterSession session = new GraphInterpreter(With(tensor, quantization)).CreateSession();
        double noise = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            float[][] got = Run(session, samples[i], cancellation);
            for (int j = 0; j < got.Length; j++)
                for (int k = 0; k < got[j].Length; k++)
                    noise += ((double)got[j][k] - wanted[i][j][k]) * ((double)got[j][k] - wanted[i][j][k]);
        }
        return double.IsFinite(noise) && signal > 0 ? noise / signal : double.PositiveInfinity;
    }

    private static float[][] Run(InterpreterSession session, TensorData[] sample, CancellationToken cancellation)
    {
        session.ResetVariables();
        return [.. session.Run(sample, null, cancellation).Select(static output => output.ToFloatArray())];
    }

    /// <summary>The graph in which whoever reads a tensor reads it as integers hold it.</summary>
    private Graph With(Tensor tensor, Quantization quantization)
    {
        Tensor stored = new($"{tensor.Name}/stored", ElementType.Int8, tensor.Shape, quantization),
            read = new($"{tensor.Name}/read", ElementType.Float32, tensor.Shape);
        Node[] both = [new(new Graphs.Quantize(), [tensor], [stored]), new(new Dequantize(), [stored], [read])];
        List<Node> nodes = [.. graph.Inputs.Contains(tensor) ? both : []];
        foreach (Node node in graph.Nodes)
        {
            nodes.Add(node.Inputs.Contains(tensor)
                ? node.WithInputs([.. node.Inputs.Select(input => input == tensor ? read : input)]) : node);
            if (node.Outputs.Contains(tensor))
                nodes.AddRange(both);
        }
        return graph.With(nodes: [.. nodes], outputs: [.. graph.Outputs.Select(output => output == tensor ? read : output)]);
    }
}
