using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Lowering;

/// <summary>UNIDIRECTIONAL_SEQUENCE_LSTM, step by step (npu-operators 2.30).</summary>
internal sealed class LstmLowering(LoweringContext context, Node node, UnidirectionalSequenceLstm op)
{
    private const float GateScale = 1f / 4096;

    private readonly Tensor input = node.Input(0), output = node.Output, outputState = node.Input(18), cellState = node.Input(19);
    private readonly NpuWeights[] inputWeights = new NpuWeights[4], recurrentWeights = new NpuWeights[4];
    private NpuRounding inputRounding, recurrentRounding;

    public static void Lower(LoweringContext context, Node node, UnidirectionalSequenceLstm op) =>
        new LstmLowering(context, node, op).Lower();

    private void Lower()
    {
        int units = outputState.Shape[1], batch = outputState.Shape[0];
        Tensor gate = new("gate", ElementType.Int16, [units], Quantization.PerTensor(GateScale, 0));
        for (int g = 0; g < 4; g++)
        {
            (inputWeights[g], inputRounding) = Filter(input, node.Input(1 + g), node.TryInput(12 + g), gate);
            (recurrentWeights[g], recurrentRounding) = Filter(outputState, node.Input(5 + g), null, gate);
        }
        // [time, batch, features]
        View x = op.TimeMajor ? context[input] : context[input].Permute([1, 0, 2]);
        View y = op.TimeMajor ? context[output] : context[output].Permute([1, 0, 2]);
        x = context.WithChannels(node, x);
        View h = context[outputState], c = context[cellState];
        for (int step = 0; step < x.Sizes[0]; step++)
        {
            if (op.TimeMajor)
                Step(x.Select(0, step), y.Select(0, step), h, c);
            else
                for (int b = 0; b < batch; b++)
                    Step(x.Select(0, step).Slice(0, b, 1), y.Select(0, step).Slice(0, b, 1), h.Slice(0, b, 1), c.Slice(0, b, 1));
        }
    }

    private static (NpuWeights Weights, NpuRounding Rounding) Filter(Tensor from, Tensor weights, Tensor? bias, Tensor gate)
    {
        int units = weights.Shape[0];
        (FixedPointScale[] scales, NpuRounding rounding) = FilterReader.Scales(from, weights, from.Type == ElementType.Int16, gate, units);
        return (new(FilterReader.Values(weights), units, 1, 1, weights.Shape[1], FilterReader.Biases(bias, units), scales), rounding);
    }

    /// <summary>One time step of some batch elements: rows of features, states and results.</summary>
    private void Step(View x, View y, View h, View c)
    {
        View inputGate = Gate(0, x, h, tanh: false), forgetGate = Gate(1, x, h, tanh: false);
        View cellGate = Gate(2, x, h, tanh: true), outputGate = Gate(3, x, h, tanh: false);
        float cellScale = cellState.Quantization!.Scale;
        Quantization hidden = outputState.Quantization!;
        View kept = Gates("kept", h), added = Gates("added", h), squashed = Gates("squashed", h);
        context.Binary(Product(1.0 / 32768), c, forgetGate, kept);
        context.Binary(Product(1.0 / 32768 / 32768 / cellScale), cellGate, inputGate, added);
        int clip = op.CellClip > 0 ? (int)Math.Min(op.CellClip / cellScale, 32767) : 32768;
        context.Binary(
            new(ElementwiseMode.Add, node) { OfmScale = FixedPointScale.One, ClampMin = -clip, ClampMax = Math.Min(clip, 32767) }, kept,
            added, c);
        (int, int) unit = WideSigmoid.StateFactor(WideSigmoid.PowerOfState(cellScale));
        ActivationLowering.EmitHardware(context, node, c, squashed, unit, tanh: true);
        ActivationRange range = ActivationRange.Of(h.Type);
        context.Binary(
            Product(1.0 / 32768 / 32768 / hidden.Scale)
                with { OfmZeroPoint = hidden.ZeroPoint, ClampMin = range.Min, ClampMax = range.Max },
            squashed, outputGate, h);
        context.Copy(node, h, y);
    }

    private View Gate(int gate, View x, View h, bool tanh)
    {
        View fromInput = Gates("gate", h), fromState = Gates("gate", h), result = Gates("gate", h);
        ActivationRange range = ActivationRange.Of(ElementType.Int16);
        FullyConnectedLowering
            .Emit(context, node, x, fromInput, inputWeights[gate], inputRounding, input.Quantization!.ZeroPoint, 0, range);
        FullyConnectedLowering
            .Emit(context, node, h, fromState, recurrentWeights[gate], recurrentRounding, outputState.Quantization!.ZeroPoint, 0, range);
        // The reference saturates the sum to 16 bits before the function: that is to a result of 11..32757 of the logistic function.
        context.Binary(
            new(ElementwiseMode.Add, node)
            {
                OfmScale = new(3, 0),
                OutputFunction = tanh ? OutputFunction.Tanh : OutputFunction.Sigmoid,
                ClampMin = tanh ? -32768 : 11,
                ClampMax = tanh ? 32767 : 32757,
            },
            fromInput, fromState, result);
        return result;
    }

    private View Gates(string what, View like) => context.Temporary(node, what, ElementType.Int16, like.Sizes[0], like.Sizes[1]);

    private BinaryTemplate Product(double factor) => new(ElementwiseMode.Mul, node) { OfmScale = FixedPointScale.From(factor) };
}
