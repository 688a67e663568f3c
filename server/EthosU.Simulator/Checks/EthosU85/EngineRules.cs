using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>What the Ethos-U85 asks of operations (npu-u85 6.1, 5.3, 5.4 and 10.3).</summary>
internal sealed class EngineRules(Execution run) : IKernelRules
{
    private readonly SequenceRules sequence = new();

    /// <inheritdoc/>
    public IEnumerable<(string Rule, string Description)> Problems(KernelOperation operation)
    {
        if (EngineBlockChecker.Problem(operation, run.Accelerator) is { } block)
            yield return (ViolationRules.SharedRam, block);
        if (OrderProblem(operation) is { } order)
            yield return (ViolationRules.OutputOrder, order);
        if (TypeProblem(operation) is { } type)
            yield return (ViolationRules.TypeMismatch, type);
        if (Ineffective(operation) is { } ineffective)
            yield return (ViolationRules.Ineffective, ineffective);
        foreach ((string rule, string description) in sequence.Next(operation))
            yield return (rule, description);
    }

    private static string? OrderProblem(KernelOperation operation)
    {
        (OutputTranspose transpose, OutputReverse reverse) = operation.OutputOrder;
        if (operation.OutputOrder.IsPlain || operation.Accumulators.IsKeptUnwritten)
            return null;
        if (transpose != OutputTranspose.Hwc && reverse != OutputReverse.None)
            return "the output cannot be transposed and reversed at once";
        if (operation.Ofm.ElementBytes > 4 && transpose != OutputTranspose.Hwc)
            return "an output of 64 bits cannot be transposed";
        if (operation is ElementwiseOperation
            && (reverse != OutputReverse.None || transpose is not (OutputTranspose.Hcw or OutputTranspose.Chw)))
            return $"an elementwise operation cannot store its output in the order {transpose}, reversed {reverse}";
        if (reverse == OutputReverse.Depth
            && (operation.Ofm.Layout != FeatureMapLayout.Nhwc || operation.Block.Depth != EngineBlockChecker.DepthGranule))
            return "an output is reversed along its channels only as NHWC and in blocks of 16 channels";
        // Bricks of 16 channels are made of whole blocks of the axis that becomes the channels.
        int innermost = operation.OutputOrder.Permute(operation.Block.Height, operation.Block.Width, operation.Block.Depth).Third;
        return operation.Ofm.Layout == FeatureMapLayout.Nhcwb16 && innermost % EngineBlockChecker.DepthGranule != 0
            ? $"the output is stored in bricks of 16 channels, but its blocks have {innermost} along the axis that becomes the channels"
            : null;
    }

    /// <summary>What operations read and write (npu-u85 10.3).</summary>
    private static string? TypeProblem(KernelOperation operation)
    {
        int ifm = operation.Ifm.ElementBytes, ofm = operation.Ofm.ElementBytes;
        return operation switch
        {
            ElementwiseOperation { Ifm2: { } ifm2 } when ifm2.ElementBytes != ifm =>
                $"the inputs are {operation.Ifm.Type} and {ifm2.Type}; hardware reads both alike",
            PoolingOperation { Mode: PoolingMode.None, Ifm2.ElementBytes: < 4 } =>
                "accumulators begin with numbers of 32 or 64 bits alone",
            PoolingOperation { Mode: PoolingMode.ReduceSum or PoolingMode.Min or PoolingMode.Max } when ifm > 4 => Wide(operation),
            PoolingOperation { Mode: PoolingMode.Average or PoolingMode.Sum } when ifm > 2 => Wide(operation),
            PoolingOperation { Mode: PoolingMode.ArgMaxX or PoolingMode.ArgMaxY } when ifm > 2 || ofm < 4 =>
                "positions of maxima are found in 8 or 16 bits and written in 32 or 64",
            ResizeOperation when ifm > 4 => Wide(operation),
            _ => null,
        };
    }

    private static string Wide(KernelOperation operation) => $"the input is {operation.Ifm.Type}, which is too wide for the operation";

    /// <summary>Registers of scales that do not do what they say (npu-u85 4.7 and 4.8).</summary>
    private static string? Ineffective(KernelOperation operation)
    {
        bool scaled = !IsOne(operation.OfmScale);
        return operation switch
        {
            ElementwiseOperation { Mode: ElementwiseMode.Mul or ElementwiseMode.Div } when operation.IfmScale.Scale != FixedPointScale.One
                || operation.Ifm2Scale.Scale != FixedPointScale.One => "the inputs' scales have no effect here and are not 1",
            ElementwiseOperation { Mode: ElementwiseMode.ShiftRight or ElementwiseMode.Div } when scaled =>
                "the output's scale is not 1, as shifts and divisions want it",
            PoolingOperation { Mode: PoolingMode.Average } when scaled => "the output's scale of an average is not 1",
            _ => null,
        };
    }

    private static bool IsOne(FixedPointScale? scale) => scale is { } given && given.Multiplier == 1UL << given.Shift;
}
