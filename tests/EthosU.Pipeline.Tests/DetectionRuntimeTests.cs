using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Pipeline.Tests;

/// <summary>The published TFLite_Detection_PostProcess gives what TensorFlow Lite's own kernel gives.</summary>
public sealed class DetectionRuntimeTests
{
    private const int Samples = 6;

    /// <summary>
    /// Scores of all classes, of few, and of so few levels that most are equal. LiteRT does not prepare the file: it stores no shapes for
    /// its results.
    /// </summary>
    [Fact]
    public void Boxes_classes_and_scores_are_those_of_tensorflow_lite()
    {
        ITfLiteRuntime runtime = TfLiteRuntimes.Require(TfLiteRuntimes.Native);
        string path = SharedData.Require("data", "wild", "detection_postprocess.tflite");
        Graph graph = TfLiteReader.Read(path);
        GraphInterpreter interpreter = new(graph);
        TensorData[][] inputs = [.. Enumerable.Range(0, Samples).Select(sample => Inputs(graph, sample))];
        IReadOnlyList<IReadOnlyList<TensorData>> wanted = runtime.Run(path, inputs);
        float found = 0;
        for (int sample = 0; sample < Samples; sample++)
        {
            TensorData[] got = interpreter.Run(inputs[sample]);
            Assert.Equal(wanted[sample].Count, got.Length);
            for (int output = 0; output < got.Length; output++)
            {
                float[] a = wanted[sample][output].ToFloatArray(), b = got[output].ToFloatArray();
                Assert.Equal(a.Length, b.Length);
                for (int at = 0; at < a.Length; at++)
                    Assert.True(Math.Abs(a[at] - b[at]) <= 1e-5f * Math.Max(1, Math.Abs(a[at])),
                        $"sample {sample}, output {output}, element {at}: {b[at]} for {a[at]}");
            }
            found += got[3].ToFloatArray()[0];
        }
        Assert.True(found > Samples);
    }

    private static TensorData[] Inputs(Graph graph, int sample)
    {
        Random random = new(sample);
        byte[] boxes = new byte[graph.Inputs[0].Shape.ElementCount], scores = new byte[graph.Inputs[1].Shape.ElementCount];
        for (int i = 0; i < boxes.Length; i++)
            boxes[i] = (byte)random.Next(180, 202);
        for (int i = 0; i < scores.Length; i++)
            scores[i] = (sample % 3) switch
            {
                0 => (byte)random.Next(256),
                1 => random.Next(4000) == 0 ? (byte)random.Next(256) : (byte)0,
                _ => (byte)(random.Next(50) == 0 ? 200 : 100),
            };
        return
        [
            new(graph.Inputs[0].Type, graph.Inputs[0].Shape, boxes),
            new(graph.Inputs[1].Type, graph.Inputs[1].Shape, scores),
        ];
    }
}
