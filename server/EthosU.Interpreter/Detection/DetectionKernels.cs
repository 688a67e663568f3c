using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Interpreter.Detection;

/// <summary>
/// The custom operator TFLite_Detection_PostProcess: boxes decoded from their anchors, then non-maximum suppression. Results beyond the
/// detections are 0.
/// </summary>
internal static class DetectionKernels
{
    /// <summary>Its name.</summary>
    public const string CustomCode = "TFLite_Detection_PostProcess";

    private const int Corners = 4;

    /// <summary>
    /// The prepared kernel: inputs are box encodings [1, boxes, 4 or more], scores [1, boxes, classes] and anchors [boxes, 4], real or of 8
    /// bits.
    /// </summary>
    /// <exception cref="KernelRefusedException">Options, shapes or types do not suit it.</exception>
    public static PreparedKernel Prepare(NodeFacts facts, Custom op)
    {
        DetectionOptions options;
        try
        {
            options = DetectionOptions.Read(FlexMap.Read(op.Options.Span));
        }
        catch (InvalidOperationException e)
        {
            throw new KernelRefusedException($"It cannot run: {e.Message}.");
        }
        Tensor boxes = facts.Input(0), scores = facts.Input(1), anchors = facts.Input(2);
        if (boxes.Shape is not { Rank: 3 } b || scores.Shape is not { Rank: 3 } s || anchors.Shape is not { Rank: 2 } a || b[0] != 1
            || s[0] != 1
            || s[1] != b[1] || a[0] != b[1] || b[2] < Corners || a[1] != Corners || s[2] < options.Classes || s[2] > options.Classes + 1)
            throw new KernelRefusedException(
                $"Its inputs {boxes.Shape}, {scores.Shape} and {anchors.Shape} do not suit {options.Classes} classes.");
        Func<Frame, float[]> readBoxes = Reader(boxes, 0), readScores = Reader(scores, 1), readAnchors = Reader(anchors, 2);
        if (facts.Node.Outputs.Length != 4 || facts.Node.Outputs.Any(output => output.Type != ElementType.Float32))
            throw new KernelRefusedException("It has four float32 results: boxes, classes, scores and their number.");
        long room = facts.Node.Outputs[1].Shape.ElementCount;
        if (facts.Node.Outputs[0].Shape.ElementCount != Corners * room || facts.Node.Outputs[2].Shape.ElementCount != room
            || facts.Node.Outputs[3].Shape.ElementCount != 1)
            throw new KernelRefusedException("The shapes of its results do not suit each other.");
        return new(frame => Run(frame, options, readBoxes(frame), b[2], readScores(frame), s[2], readAnchors(frame), (int)room));
    }

    private static Func<Frame, float[]> Reader(Tensor tensor, int index)
    {
        if (tensor.Type == ElementType.Float32)
            return frame => frame.Input<float>(index).ToArray();
        if (tensor.Type is not (ElementType.Int8 or ElementType.UInt8))
            throw new KernelRefusedException($"'{tensor.Name}' is {tensor.Type.DisplayName()}; float32, int8 or uint8 is expected.");
        float scale = NodeFacts.Scale(tensor);
        int zero = NodeFacts.ZeroPoint(tensor);
        return tensor.Type == ElementType.Int8
            ? frame => Array.ConvertAll(frame.Input<sbyte>(index).ToArray(), q => scale * (q - zero))
            : frame => Array.ConvertAll(frame.Input<byte>(index).ToArray(), q => scale * (q - zero));
    }

    private static void Run(Frame frame, DetectionOptions options, float[] encodings, int codeSize, float[] scores, int columns,
        float[] anchors, int room)
    {
        int count = anchors.Length / Corners, offset = columns - options.Classes;
        Box[] boxes = new Box[count];
        for (int i = 0; i < count; i++)
            boxes[i] = Decode(options, encodings.AsSpan(i * codeSize, Corners), anchors.AsSpan(i * Corners, Corners));
        List<(int Box, int Class, float Score)> found = options.PerClass
            ? PerClass(options, boxes, scores, columns, offset)
            : Together(options, boxes, scores, columns, offset);
        Span<float> places = frame.Output<float>(0), classes = frame.Output<float>(1), values = frame.Output<float>(2);
        places.Clear();
        classes.Clear();
        values.Clear();
        int written = Math.Min(found.Count, room);
        for (int i = 0; i < written; i++)
        {
            Box box = boxes[found[i].Box];
            (places[4 * i], places[(4 * i) + 1], places[(4 * i) + 2], places[(4 * i) + 3]) = (box.Top, box.Left, box.Bottom, box.Right);
            (classes[i], values[i]) = (found[i].Class, found[i].Score);
        }
        frame.Output<float>(3)[0] = written;
    }

    /// <summary>A centre and size relative to the anchor's, as corners.</summary>
    private static Box Decode(DetectionOptions options, ReadOnlySpan<float> code, ReadOnlySpan<float> anchor)
    {
        float y = (code[0] / options.ScaleY * anchor[2]) + anchor[0], x = (code[1] / options.ScaleX * anchor[3]) + anchor[1];
        float halfHeight = 0.5f * Elementary.Exp(code[2] / options.ScaleHeight) * anchor[2],
            halfWidth = 0.5f * Elementary.Exp(code[3] / options.ScaleWidth) * anchor[3];
        return new(y - halfHeight, x - halfWidth, y + halfHeight, x + halfWidth);
    }

    /// <summary>Suppression over the best class of each box; each box that is left gives its best classes.</summary>
    private static List<(int, int, float)> Together(DetectionOptions options, Box[] boxes, float[] scores, int columns, int offset)
    {
        int perBox = Math.Min(options.ClassesPerDetection, options.Classes);
        var best = new int[boxes.Length][];
        var top = new float[boxes.Length];
        for (int i = 0; i < boxes.Length; i++)
        {
            int row = (i * columns) + offset;
            best[i] = [.. Enumerable.Range(0, options.Classes).OrderByDescending(c => scores[row + c]).Take(perBox)];
            top[i] = scores[row + best[i][0]];
        }
        List<(int, int, float)> found = [];
        foreach (int box in Select(options, boxes, top, options.Detections))
            foreach (int c in best[box])
                found.Add((box, c, scores[(box * columns) + offset + c]));
        return found;
    }

    /// <summary>Suppression class by class; the best of all classes are kept.</summary>
    private static List<(int, int, float)> PerClass(DetectionOptions options, Box[] boxes, float[] scores, int columns, int offset)
    {
        List<(int Box, int Class, float Score)> found = [];
        var column = new float[boxes.Length];
        for (int c = 0; c < options.Classes; c++)
        {
            for (int i = 0; i < boxes.Length; i++)
                column[i] = scores[(i * columns) + offset + c];
            foreach (int box in Select(options, boxes, column, options.DetectionsPerClass))
                found.Add((box, c, column[box]));
            found = [.. found.OrderByDescending(one => one.Score).Take(options.Detections)];
        }
        return found;
    }

    /// <summary>Boxes from the best score down that overlap none that was taken before.</summary>
    private static List<int> Select(DetectionOptions options, Box[] boxes, float[] scores, int most)
    {
        int[] order = [.. Enumerable.Range(0, boxes.Length).Where(i => scores[i] >= options.ScoreThreshold)
            .OrderByDescending(i => scores[i])];
        List<int> taken = [];
        foreach (int box in order)
        {
            if (taken.Count == most)
                break;
            if (!taken.Exists(other => boxes[other].Overlap(boxes[box]) > options.OverlapThreshold))
                taken.Add(box);
        }
        return taken;
    }

    private readonly record struct Box(float Top, float Left, float Bottom, float Right)
    {
        private float Area => (Bottom - Top) * (Right - Left);

        /// <summary>Intersection over union; 0 for a box without area.</summary>
        public float Overlap(Box other)
        {
            if (Area <= 0 || other.Area <= 0)
                return 0;
            float height = Math.Max(Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top), 0);
            float width = Math.Max(Math.Min(Right, other.Right) - Math.Max(Left, other.Left), 0);
            float common = height * width;
            return common / (Area + other.Area - common);
        }
    }
}
