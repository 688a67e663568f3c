using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Interpreter;

/// <summary>A node as the preparation of its kernel sees it, with checked access to operands and quantization.</summary>
internal readonly record struct NodeFacts(Node Node, InterpreterOptions Options)
{
    /// <summary>The variables behind the graph's handles, by name; null where there is no graph.</summary>
    public IReadOnlyDictionary<Tensor, string>? Handles { get; init; }

    public Operator Operator => Node.Operator;

    public Tensor Output => Node.Outputs[0];

    public Tensor Input(int index) => Node.TryInput(index) ?? throw new KernelRefusedException($"Input {index} is missing.");

    public Tensor? TryInput(int index) => Node.TryInput(index);

    /// <summary>The values of a constant operand of integers.</summary>
    public int[] Integers(int index) => Input(index).Data?.ToInt32Array()
        ?? throw new KernelRefusedException($"Input {index} ('{Input(index).Name}') must be a constant.");

    /// <summary>The scale of a tensor that has one for all elements.</summary>
    public static float Scale(Tensor tensor)
    {
        Quantization quantization = Quantized(tensor);
        return quantization.IsPerAxis
            ? throw new KernelRefusedException($"'{tensor.Name}' has {quantization.Scales.Length} scales, one is expected.")
            : Checked(tensor, quantization.Scale);
    }

    /// <summary>A scale for each of <paramref name="channels"/> slices.</summary>
    public static float[] Scales(Tensor tensor, int channels)
    {
        Quantization quantization = Quantized(tensor);
        if (quantization.IsPerAxis && quantization.Scales.Length != channels)
            throw new KernelRefusedException($"'{tensor.Name}' has {quantization.Scales.Length} scales for {channels} channels.");
        var scales = new float[channels];
        for (int i = 0; i < channels; i++)
            scales[i] = quantization.ScaleAt(i) is 0 ? 0 : Checked(tensor, quantization.ScaleAt(i)); // of a channel that is always zero
        return scales;
    }

    /// <summary>The zero point; 0 for a tensor that is not quantized.</summary>
    public static int ZeroPoint(Tensor tensor)
    {
        if (tensor.Quantization is not { } quantization)
            return 0;
        (int min, int max) = tensor.Type.IntegerRange();
        long zero = quantization.ZeroPoints[0];
        return zero >= min && zero <= max
            ? (int)zero
            : throw new KernelRefusedException($"The zero point {zero} of '{tensor.Name}' is outside {tensor.Type.DisplayName()}.");
    }

    /// <summary>Stored values that a result with a fused activation may take (tflite-kernels 2.6).</summary>
    public static (int Low, int High) ActivationRange(FusedActivation activation, Tensor tensor)
    {
        (int low, int high) = tensor.Type.IntegerRange();
        return activation switch
        {
            FusedActivation.None => (low, high),
            FusedActivation.Relu => (Math.Max(low, Stored(tensor, 0)), high),
            FusedActivation.Relu6 => (Math.Max(low, Stored(tensor, 0)), Math.Min(high, Stored(tensor, 6))),
            FusedActivation.ReluN1To1 => (Math.Max(low, Stored(tensor, -1)), Math.Min(high, Stored(tensor, 1))),
            _ => throw new KernelRefusedException($"The fused activation {activation} has no integer kernel."),
        };
    }

    /// <summary>The stored integer of a real value, not clamped to the type.</summary>
    public static int Stored(Tensor tensor, float value) => Affine(tensor).Bound(value);

    /// <summary>The quantization of a tensor that has one for all elements.</summary>
    public static AffineQuantization Affine(Tensor tensor) => new(Scale(tensor), ZeroPoint(tensor));

    /// <summary>An operand × 2^<paramref name="shift"/> × a factor below 1.</summary>
    public static Rescaling Rescaling(Tensor tensor, int shift, double factor) =>
        new(ZeroPoint(tensor), tensor.Type == ElementType.Int8, shift, Multiplier.SmallerThanOne(factor));

    private static Quantization Quantized(Tensor tensor) =>
        tensor.Quantization ?? throw new KernelRefusedException($"'{tensor.Name}' has no scale.");

    private static float Checked(Tensor tensor, float scale) => float.IsFinite(scale) && scale > 0
        ? scale
        : throw new KernelRefusedException($"A scale of '{tensor.Name}' is {scale}.");
}
