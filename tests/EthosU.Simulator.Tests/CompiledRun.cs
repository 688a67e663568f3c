using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Npu.Commands;
using EthosU.Npy;
using EthosU.TfLite;

namespace EthosU.Simulator.Tests;

/// <summary>A compiled model run on recorded inputs and compared with recorded outputs.</summary>
internal sealed record CompiledRun(int DifferingBytes, int LargestDifference, ImmutableArray<Violation> Violations, int Operators)
{
    public static CompiledRun Of(byte[] content, string name, string npz, int maxSamples = int.MaxValue, SimulationOptions? options = null)
    {
        Graph graph = TfLiteReader.Read(content, name, out ImmutableArray<Tensor> tensors);
        EthosUOperator npu = new(graph, tensors, name, options);
        GraphInterpreter interpreter = new(graph, new() { CustomOperator = npu.Run });
        IReadOnlyDictionary<string, NumpyArray> arrays = NumpyArchive.ReadAll(npz);
        int samples = graph.Inputs.IsEmpty ? 1 : Math.Min(maxSamples, arrays["in0"].RowCount);
        int differing = 0, largest = 0;
        for (int sample = 0; sample < samples; sample++)
        {
            interpreter.ResetVariables();
            TensorData[] outputs =
                interpreter.Run(
                [.. graph.Inputs.Select((input, i) => new TensorData(input.Type, input.Shape, arrays[$"in{i}"].Row(sample)))]);
            for (int i = 0; i < outputs.Length; i++)
            {
                ReadOnlySpan<byte> expected = arrays[$"out{i}"].Row(sample).Span, actual = outputs[i].Bytes.Span;
                for (int j = 0; j < expected.Length; j++)
                    if (expected[j] != actual[j])
                        differing++;
                if (!expected.SequenceEqual(actual))
                    largest = Math.Max(largest, Largest(new TensorData(outputs[i].Type, outputs[i].Shape, expected.ToArray()), outputs[i]));
            }
        }
        return new(differing, largest, [.. npu.Violations.Select(static pair => pair.Violation)], graph.Nodes.Count(EthosUNode.Matches));
    }

    private static int Largest(TensorData expected, TensorData actual) => expected.Type.IsFloat() ? int.MaxValue
        : expected.ToInt64Array().Zip(actual.ToInt64Array()).Max(static pair => (int)Math.Abs(pair.First - pair.Second));
}
