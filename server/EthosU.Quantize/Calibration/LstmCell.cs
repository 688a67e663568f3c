using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Quantize.Calibration;

/// <summary>
/// The cell states that a float UNIDIRECTIONAL_SEQUENCE_LSTM goes through: a tensor whose range must be known, but which the
/// operator does not give out (tflite-kernels 3.12, in real numbers).
/// </summary>
internal static class LstmCell
{
    /// <summary>All cell states of all steps, from state zero.</summary>
    /// <param name="node">The node; weights and biases constant.</param>
    /// <param name="x">[T, N, I], or [N, T, I] unless time comes first.</param>
    /// <param name="y">The outputs, in the same order of axes.</param>
    public static float[] States(Node node, TensorData x, TensorData y)
    {
        bool timeMajor = ((UnidirectionalSequenceLstm)node.Operator).TimeMajor;
        float clip = ((UnidirectionalSequenceLstm)node.Operator).CellClip;
        int steps = x.Shape[timeMajor ? 0 : 1], batch = x.Shape[timeMajor ? 1 : 0], inputs = x.Shape[2], hidden = y.Shape[2];
        float[][] w = [.. Enumerable.Range(1, 3).Select(i => node.Constant(i).ToFloatArray())],
            r = [.. Enumerable.Range(5, 3).Select(i => node.Constant(i).ToFloatArray())];
        float[][] b = [.. Enumerable.Range(12, 3).Select(i => node.TryInput(i)?.Data?.ToFloatArray() ?? new float[hidden])];
        float[] xs = x.ToFloatArray(), ys = y.ToFloatArray();
        var states = new float[steps * batch * hidden];
        for (int n = 0; n < batch; n++)
        {
            for (int t = 0; t < steps; t++)
            {
                ReadOnlySpan<float> input = xs.AsSpan(Row(t, n) * inputs, inputs);
                ReadOnlySpan<float> previous = t == 0 ? new float[hidden] : ys.AsSpan(Row(t - 1, n) * hidden, hidden);
                for (int j = 0; j < hidden; j++)
                {
                    float i = RealFunctions.Logistic(Gate(0, j, input, previous)), f = RealFunctions.Logistic(Gate(1, j, input, previous));
                    float g = MathF.Tanh(Gate(2, j, input, previous));
                    float before = t == 0 ? 0 : states[(Row(t - 1, n) * hidden) + j];
                    float cell = (f * before) + (i * g);
                    states[(Row(t, n) * hidden) + j] = clip > 0 ? Math.Clamp(cell, -clip, clip) : cell;
                }
            }
        }
        return states;

        int Row(int t, int n) => timeMajor ? (t * batch) + n : (n * steps) + t;

        float Gate(int gate, int j, ReadOnlySpan<float> input, ReadOnlySpan<float> previous) => b[gate][j]
            + Dot(w[gate].AsSpan(j * inputs, inputs), input) + Dot(r[gate].AsSpan(j * hidden, hidden), previous);
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
