using EthosU.Graphs;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Conversion;

/// <summary>The sequence LSTM as integers (tflite-kernels 3.12; tflite-format 6.4).</summary>
internal static class LstmEmitter
{
    /// <summary>The node of integers.</summary>
    /// <param name="node">The node of reals.</param>
    /// <param name="x">The quantized sequence.</param>
    /// <param name="y">The quantized result.</param>
    /// <param name="plan">Gives the range of the cell state.</param>
    /// <param name="names">Hands out names.</param>
    public static Node Emit(Node node, Tensor x, Tensor y, QuantizationPlan plan, UniqueNames names)
    {
        ElementType type = x.Type;
        var inputs = new Tensor?[24];
        inputs[0] = x;
        for (int gate = 0; gate < 4; gate++)
        {
            Tensor input = node.Input(1 + gate), recurrent = node.Input(5 + gate), bias = node.Input(12 + gate);
            int hidden = recurrent.Shape[0];
            QuantizedWeights forInput =
                WeightQuantizer.Quantize(input.Data!, input.Quantization, bias.Data, null, hidden, x.Quantization!.Scale, type, null);
            QuantizedWeights forState =
                WeightQuantizer.Quantize(recurrent.Data!, recurrent.Quantization, null, null, hidden, y.Quantization!.Scale, type, null);
            inputs[1 + gate] = new Tensor(names.Make($"{input.Name}_int8"), forInput.Weights, forInput.WeightScales);
            inputs[5 + gate] = new Tensor(names.Make($"{recurrent.Name}_int8"), forState.Weights, forState.WeightScales);
            inputs[12 + gate] =
                new Tensor(names.Make($"{bias.Name}_{forInput.Bias.Type.DisplayName()}"), forInput.Bias, forInput.BiasScales);
        }
        inputs[18] = node.Input(18).WithType(type, y.Quantization);
        inputs[19] = node.Input(19).WithType(ElementType.Int16, Quantization.PerTensor(CellScale(plan.VariableRange(node.Input(19))), 0));
        Tensor?[] intermediates =
            [.. Enumerable.Range(0, 4).Select(i => new Tensor(names.Make($"{y.Name}/gate{i}"), ElementType.Int16, [0])),
            new Tensor(names.Make($"{y.Name}/hidden"), type, [0], y.Quantization)]; // read by LiteRT only
        return new Node(node.Operator, [.. inputs], [y], node.Source) { Intermediates = [.. intermediates] };
    }

    /// <summary>The power of two whose int16 holds every cell state seen.</summary>
    private static float CellScale(ValueRange range)
    {
        double largest = Math.Max(Math.Abs(range.Min), Math.Abs(range.Max));
        int exponent = largest == 0 ? -15 : (int)Math.Ceiling(Math.Log2(largest)) - 15;
        return (float)Math.ScaleB(1, Math.Max(exponent, -24));
    }
}
