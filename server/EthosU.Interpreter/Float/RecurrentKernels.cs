using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Interpreter.Float;

/// <summary>Real recurrent operators (tflite-format 6.4).</summary>
internal static class RecurrentKernels
{
    private const int OutputState = 18, CellState = 19, Biases = 12;

    public static TensorData[] Lstm(KernelCall call)
    {
        var op = (UnidirectionalSequenceLstm)call.Node.Operator;
        Shape shape = call[0].Shape;
        int steps = op.TimeMajor ? shape[0] : shape[1], batch = op.TimeMajor ? shape[1] : shape[0], width = shape[2];
        int hidden = call[OutputState].Shape[1];
        ReadOnlySpan<float> x = call[0].AsSpan<float>();
        float[] result = new float[call.Output.Shape.ElementCount], h = call[OutputState].ToFloatArray(),
            c = call[CellState].ToFloatArray();
        float[][] w = [.. Enumerable.Range(1, 4).Select(i => Columns(call[i], hidden, width))],
            r = [.. Enumerable.Range(5, 4).Select(i => Columns(call[i], hidden, hidden))];
        float[][] gates = [.. Enumerable.Range(0, 4).Select(_ => new float[hidden])];
        for (int n = 0; n < batch; n++)
            for (int t = 0; t < steps; t++)
            {
                int row = op.TimeMajor ? (t * batch) + n : (n * steps) + t;
                ReadOnlySpan<float> input = x.Slice(row * width, width);
                Span<float> state = h.AsSpan(n * hidden, hidden), cell = c.AsSpan(n * hidden, hidden);
                for (int gate = 0; gate < 4; gate++)
                {
                    Span<float> sums = gates[gate];
                    sums.Clear();
                    Products.Add(input, w[gate], sums);
                    Products.Add(state, r[gate], sums);
                    ReadOnlySpan<float> bias = call.TryInput(Biases + gate) is { } b ? b.AsSpan<float>() : default;
                    for (int i = 0; i < bias.Length; i++)
                        sums[i] += bias[i];
                }
                for (int i = 0; i < hidden; i++)
                {
                    float value = (RealFunctions.Logistic(gates[1][i]) * cell[i])
                        + (RealFunctions.Logistic(gates[0][i]) * Elementary.Tanh(gates[2][i]));
                    cell[i] = op.CellClip > 0 ? Math.Clamp(value, -op.CellClip, op.CellClip) : value;
                    state[i] = RealFunctions.Logistic(gates[3][i]) * Elementary.Tanh(cell[i]);
                }
                state.CopyTo(result.AsSpan(row * hidden));
            }
        call.Variables[call.Node.Input(OutputState)] = TensorData.Wrap(ElementType.Float32, call[OutputState].Shape, h);
        call.Variables[call.Node.Input(CellState)] = TensorData.Wrap(ElementType.Float32, call[CellState].Shape, c);
        return [call.Result(result)];
    }

    private static float[] Columns(TensorData matrix, int rows, int columns)
    {
        var result = new float[rows * columns];
        Products.Transpose(matrix.AsSpan<float>(), rows, columns, result);
        return result;
    }
}
