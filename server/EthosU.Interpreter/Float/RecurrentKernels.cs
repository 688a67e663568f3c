using System.Numerics.Tensors;
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
        float[] result = new float[call.Output.Shape.ElementCount], h = call[OutputState].ToFloatArray(), c = call[CellState].ToFloatArray();
        float[,] gates = new float[4, hidden];
        for (int n = 0; n < batch; n++)
            for (int t = 0; t < steps; t++)
            {
                int row = op.TimeMajor ? (t * batch) + n : (n * steps) + t;
                ReadOnlySpan<float> input = x.Slice(row * width, width);
                Span<float> state = h.AsSpan(n * hidden, hidden), cell = c.AsSpan(n * hidden, hidden);
                for (int gate = 0; gate < 4; gate++)
                {
                    ReadOnlySpan<float> w = call[1 + gate].AsSpan<float>(), r = call[5 + gate].AsSpan<float>();
                    ReadOnlySpan<float> bias = call.TryInput(Biases + gate) is { } b ? b.AsSpan<float>() : default;
                    for (int i = 0; i < hidden; i++)
                        gates[gate, i] = TensorPrimitives.Dot(input, w.Slice(i * width, width))
                            + TensorPrimitives.Dot(state, r.Slice(i * hidden, hidden)) + (bias.IsEmpty ? 0 : bias[i]);
                }
                for (int i = 0; i < hidden; i++)
                {
                    float kept = RealFunctions.Logistic(gates[1, i]) * cell[i], added = RealFunctions.Logistic(gates[0, i]) * MathF.Tanh(gates[2, i]);
                    float value = kept + added;
                    cell[i] = op.CellClip > 0 ? Math.Clamp(value, -op.CellClip, op.CellClip) : value;
                    state[i] = RealFunctions.Logistic(gates[3, i]) * MathF.Tanh(cell[i]);
                }
                state.CopyTo(result.AsSpan(row * hidden));
            }
        call.Variables[call.Node.Input(OutputState)] = TensorData.Wrap(ElementType.Float32, call[OutputState].Shape, h);
        call.Variables[call.Node.Input(CellState)] = TensorData.Wrap(ElementType.Float32, call[CellState].Shape, c);
        return [call.Result(result)];
    }
}
