using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>The sums of convolutions with weights from a stream, in numbers as narrow as will do.</summary>
internal static class FilterRows
{
    // Sums of so many products of 9 × 9 and 16 × 9 bits fit 32 bits.
    private const int NarrowTaps = 1 << 14, WideTaps = 1 << 7;

    /// <summary>The sums of an operation.</summary>
    public static IRowSource Of(Execution run, ConvolutionOperation operation)
    {
        double taps = operation.Kernel.Height * (double)operation.Kernel.Width;
        run.Charge(taps * (operation.IsDepthwise ? 1 : operation.Ifm.Depth) * operation.Ofm.ElementCount);
        bool fits = ElementConversion.FitsInt16(operation.Ifm.Type, operation.Ifm.ZeroPoint);
        if (!operation.IsDepthwise)
            return fits ? new ConvolutionRows<short>(run, operation) : new ConvolutionRows<int>(run, operation);
        return fits && taps <= (operation.Ifm.ElementBytes == 1 ? NarrowTaps : WideTaps)
            ? new DepthwiseRows<short, int>(run, operation) : new DepthwiseRows<int, long>(run, operation);
    }
}
