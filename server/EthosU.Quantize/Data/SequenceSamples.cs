using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Interpreter;

namespace EthosU.Quantize.Data;

/// <summary>
/// Samples of a network that keeps values: they follow one another, each with what the network in real numbers has kept of those before.
/// </summary>
/// <param name="samples">Samples of all other inputs.</param>
/// <param name="graph">The network as imported.</param>
/// <param name="kept">What it keeps.</param>
internal sealed class SequenceSamples(SampleSource samples, Graph graph, IReadOnlyList<KeptValue> kept) : SampleSource
{
    public override int Count => samples.Count;

    public override bool HasLabels => samples.HasLabels;

    public override ImmutableArray<Finding> Findings => samples.Findings;

    public override IEnumerable<Sample> Read(CancellationToken cancellation)
    {
        GraphInterpreter interpreter = new(graph);
        TensorData[] state = [.. kept.Select(static value => value.Initial)];
        foreach (Sample sample in samples.Read(cancellation))
        {
            TensorData[] inputs = Inputs(sample, state);
            yield return sample with { Inputs = inputs };
            TensorData[] outputs = interpreter.Run(inputs, null, cancellation);
            state = [.. kept.Select(value => outputs[value.Output])];
        }
    }

    private TensorData[] Inputs(Sample sample, TensorData[] state)
    {
        var inputs = new TensorData?[graph.Inputs.Length];
        for (int i = 0; i < kept.Count; i++)
            inputs[kept[i].Input] = state[i];
        int next = 0;
        return [.. inputs.Select(input => input ?? sample.Inputs[next++])];
    }
}
