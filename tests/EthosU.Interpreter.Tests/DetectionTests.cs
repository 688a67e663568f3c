using System.Text;
using EthosU.Graphs;
using Xunit;

namespace EthosU.Interpreter.Tests;

/// <summary>TFLite_Detection_PostProcess on boxes that can be reckoned by hand.</summary>
public sealed class DetectionTests
{
    // Anchors of height and width 2 about (1, 1), (1, 1.2) and (5, 5); encodings of 0 give the anchors themselves.
    private static readonly float[] Anchors = [1, 1, 2, 2, 1, 1.2f, 2, 2, 5, 5, 2, 2];

    /// <summary>A FlexBuffers map of integers and floats, each value in 4 bytes, written from its definition.</summary>
    private static byte[] Options(params (string Name, object Value)[] entries)
    {
        List<byte> bytes = [];
        List<int> names = [];
        foreach ((string name, _) in entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            names.Add(bytes.Count);
            bytes.AddRange(Encoding.ASCII.GetBytes(name + "\0"));
        }
        while (bytes.Count % 4 != 0)
            bytes.Add(0);
        Put(entries.Length);
        int keys = bytes.Count;
        foreach (int name in names)
            Put(bytes.Count - name);
        Put(bytes.Count - keys);
        Put(4);
        Put(entries.Length);
        int map = bytes.Count;
        object[] values = [.. entries.OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(entry => entry.Value)];
        foreach (object value in values)
            bytes.AddRange(value is int number ? BitConverter.GetBytes(number) : BitConverter.GetBytes((float)value));
        foreach (object value in values)
            bytes.Add((byte)(((value is int ? 1 : 3) << 2) | 2));
        bytes.Add((byte)(bytes.Count - map));
        bytes.Add((9 << 2) | 2);
        bytes.Add(1);
        return [.. bytes];

        void Put(int value) => bytes.AddRange(BitConverter.GetBytes(value));
    }

    private static TensorData[] Run(float[] scores, bool perClass, float threshold = 0.1f, float overlap = 0.5f)
    {
        byte[] options =
            Options(("max_detections", 3), ("max_classes_per_detection", 1), ("num_classes", 2), ("use_regular_nms", perClass ? 1 : 0),
            ("nms_score_threshold", threshold),
            ("nms_iou_threshold", overlap), ("y_scale", 10f), ("x_scale", 10f), ("h_scale", 5f), ("w_scale", 5f));
        Tensor boxes = new("boxes", ElementType.Float32, [1, 3, 4]), classes = new("scores", ElementType.Float32, [1, 3, 3]);
        Tensor anchors = new("anchors", TensorData.From<float>([3, 4], Anchors));
        Tensor[] outputs =
            [new("b", ElementType.Float32, [1, 3, 4]), new("c", ElementType.Float32, [1, 3]), new("s", ElementType.Float32, [1, 3]),
            new("n", ElementType.Float32, [1])];
        Graph graph = new("detection", [new(new Custom("TFLite_Detection_PostProcess", options), [boxes, classes, anchors], [.. outputs])],
            [boxes, classes], [.. outputs]);
        return new GraphInterpreter(graph)
            .Run([TensorData.From<float>([1, 3, 4], new float[12]), TensorData.From<float>([1, 3, 3], scores)]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BoxesThatOverlapABetterOneAreLeftOut(bool perClass)
    {
        // Background, class 0, class 1: boxes 0 and 1 overlap by 1.8 of 2.2; box 2 lies apart.
        TensorData[] results = Run([0, 0.6f, 0.05f, 0, 0.9f, 0.05f, 0, 0.05f, 0.7f], perClass);
        Assert.Equal([2f], results[3].ToFloatArray());
        Assert.Equal([0.9f, 0.7f, 0], results[2].ToFloatArray());
        Assert.Equal([0f, 1, 0], results[1].ToFloatArray());
        Assert.Equal([0f, 0.2f, 2, 2.2f, 4, 4, 6, 6, 0, 0, 0, 0], results[0].ToFloatArray().Select(v => MathF.Round(v, 5)));
    }

    [Fact]
    public void ClassByClassOverlapCountsWithinAClassAlone()
    {
        float[] scores = [0, 0.6f, 0.05f, 0, 0.05f, 0.9f, 0, 0.05f, 0.7f];
        Assert.Equal([2f], Run(scores, perClass: false)[3].ToFloatArray());
        TensorData[] results = Run(scores, perClass: true);
        Assert.Equal([0.9f, 0.7f, 0.6f], results[2].ToFloatArray());
        Assert.Equal([1f, 1, 0], results[1].ToFloatArray());
    }

    [Fact]
    public void ScoresBelowTheThresholdAreLeftOut() =>
    Assert.Equal([1f], Run([0, 0.6f, 0, 0, 0.1f, 0, 0, 0, 0.2f], perClass: false, threshold: 0.5f)[3].ToFloatArray());

    [Fact]
    public void DamagedOptionsAreRefused()
    {
        Tensor x = new("x", ElementType.Float32, [1, 3, 4]), y = new("y", ElementType.Float32, [1]);
        foreach (byte[] options in (byte[][])[[], [1], [0, 40, 1], [.. Options(("max_detections", 3))[..^4], 255, 39, 1]])
            Assert.Throws<UnsupportedModelException>(
                () => new GraphInterpreter(new("g", [new(new Custom("TFLite_Detection_PostProcess", options), [x], [y])], [x], [y])));
    }
}
