using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;

namespace EthosU.Onnx.Operators;

/// <summary>Window functions, the mel matrix, and Fourier transforms as products with constant matrices.</summary>
internal static class SignalImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("HannWindow", c => Window(c, 0.5, 0.5, 0)), ("HammingWindow", c => Window(c, 25.0 / 46, 21.0 / 46, 0)),
        ("BlackmanWindow", c => Window(c, 0.42, 0.5, 0.08)),
        ("MelWeightMatrix", MelMatrix), ("DFT", Transform), ("STFT", ShortTimeTransform),
    ];

    private static void Window(ImportContext c, double a, double b, double d)
    {
        int size = c.Listed(c.Integer(0, "size"));
        double period = c.Node.Int("periodic", 1) != 0 ? size : Math.Max(1, size - 1);
        float[] values =
            [.. Enumerable.Range(0, size)
            .Select(i => (float)(a - (b * Math.Cos(2 * Math.PI * i / period)) + (d * Math.Cos(4 * Math.PI * i / period))))];
        c.Output(0, c.Cast(c.Constant(TensorData.Vector<float>(values), "window"), TensorLoader.TypeOf(c.Node.Int("output_datatype", 1))));
    }

    /// <summary>Triangles between points that are equally spaced on the mel scale.</summary>
    private static void MelMatrix(ImportContext c)
    {
        int bands = c.Integer(0, "num_mel_bins"), length = c.Integer(1, "dft_length"), rate = c.Integer(2, "sample_rate");
        double low = c.Number(3, "edge frequency"), high = c.Number(4, "edge frequency");
        int bins = (length / 2) + 1;
        float[] matrix = new float[c.Listed((long)Math.Max(bands, 0) * Math.Max(bins, 0))];
        double lowMel = Mel(low), step = (Mel(high) - lowMel) / (bands + 2);
        int[] points = [.. Enumerable.Range(0, c.Listed(bands + 2L))
            .Select(i => (int)Math.Floor((length + 1) * (700 * (Math.Pow(10, (lowMel + (i * step)) / 2595) - 1)) / rate))];
        for (int band = 0; band < bands; band++)
        {
            (int from, int peak, int to) = (points[band], points[band + 1], points[band + 2]);
            for (int bin = Math.Max(from, 0); bin < Math.Min(Math.Max(to, peak + 1), bins); bin++)
                matrix[(bin * bands) + band] = bin == peak ? 1 : bin < peak ? (float)(bin - from) / (peak - from)
                    : (float)(to - bin) / (to - peak);
        }
        c.Output(0, c.Constant(TensorData.From<float>([bins, bands], matrix), "mel"));

        static double Mel(double hertz) => 2595 * Math.Log10(1 + (hertz / 700));
    }

    private static void Transform(ImportContext c)
    {
        Tensor x = c.InputOfRank(0, 1); // [..., n, 1 or 2]
        int rank = x.Shape.Rank, parts = x.Shape[-1];
        int axis = x.Shape
            .NormalizeAxis(c.Node.Has("axis") || !c.HasInput(2) ? c.Node.Int("axis", c.Node.Set.TransformedAxis)
            : c.Integer(2, "axis"));
        int count = c.HasInput(1) ? c.Integer(1, "dft_length") : x.Shape[axis];
        if (axis == rank - 1 || parts is not (1 or 2) || count < 1)
            throw new UnsupportedOperatorException(
                $"A transform of {x.Shape} along axis {axis} is not possible.", "Check the exported model.");
        bool inverse = c.Node.Int("inverse", 0) != 0, half = c.Node.Int("onesided", 0) != 0;
        int kept = Math.Min(count, x.Shape[axis]), frequencies = half ? (count / 2) + 1 : count;
        if (inverse && half)
            throw new UnsupportedOperatorException("A one-sided inverse transform cannot be expressed.", "Use the full transform.");
        int[] forth = [.. Enumerable.Range(0, rank - 1).Where(a => a != axis), axis, rank - 1],
            back = [.. Enumerable.Range(0, rank).Select(a => Array.IndexOf(forth, a))];
        Tensor rows = c.Transpose(c.SliceAxis(x, axis, 0, kept), forth);
        Shape lead = new(rows.Shape.Sizes[..^2]);
        Tensor flat = c.Reshape(rows, [.. lead, kept * parts]);
        Tensor y = c.Reshape(MatrixProduct.Of(c, flat, Fourier(c, kept, parts, count, frequencies, inverse, null)),
            [.. lead, frequencies, 2]);
        c.Output(0, c.Transpose(y, back));
    }

    private static void ShortTimeTransform(ImportContext c)
    {
        Tensor x = c.Input(0); // [N, length, 1 or 2]
        int step = c.Integer(1, "frame_step"), parts = x.Shape.Rank == 3 ? x.Shape[2] : 1;
        float[]? window = c.TryInput(2) is { } given ? c.Constant(given, "window").ToFloatArray() : null;
        int length = c.HasInput(3) ? c.Integer(3, "frame_length") : window?.Length ?? 0;
        if (step < 1 || length < 1 || x.Shape.Rank < 2 || length > x.Shape[1] || parts is not (1 or 2)
            || (window is not null && window.Length != length))
            throw new UnsupportedOperatorException("Frames of this size are not possible.", "Check the arguments of torch.stft.");
        int frames = ((x.Shape[1] - length) / step) + 1, frequencies = c.Node.Int("onesided", 1) != 0 ? (length / 2) + 1 : length;
        int[] positions = [.. Enumerable.Range(0, c.Listed((long)frames * length)).Select(i => (i / length * step) + (i % length))];
        Tensor cut = c.Emit(new Gather(1), c.Reshape(x, [x.Shape[0], x.Shape[1], parts]), c.Integers(positions));
        Tensor flat = c.Reshape(cut, [x.Shape[0], frames, length * parts]);
        c.Output(0, c.Reshape(MatrixProduct.Of(c, flat, Fourier(c, length, parts, length, frequencies, false, window)),
            [x.Shape[0], frames, frequencies, 2]));
    }

    /// <summary>The matrix [samples × parts, frequencies × 2] of a discrete Fourier transform of <paramref name="count"/> points.</summary>
    private static Tensor Fourier(ImportContext c, int samples, int parts, int count, int frequencies, bool inverse, float[]? window)
    {
        float[] matrix = new float[c.Listed((long)samples * parts * frequencies * 2)];
        for (int n = 0; n < samples; n++)
            for (int part = 0; part < parts; part++)
                for (int k = 0; k < frequencies; k++)
                {
                    double angle = (inverse ? 2 : -2) * Math.PI * ((long)n * k % count) / count,
                        factor = (window?[n] ?? 1) / (inverse ? (double)count : 1);
                    (double real, double imaginary) = part == 0 ? (Math.Cos(angle), Math.Sin(angle)) : (-Math.Sin(angle), Math.Cos(angle));
                    int at = ((((n * parts) + part) * frequencies) + k) * 2;
                    (matrix[at], matrix[at + 1]) = ((float)(factor * real), (float)(factor * imaginary));
                }
        return c.Constant(TensorData.From<float>([samples * parts, frequencies * 2], matrix), "fourier");
    }
}
