using EthosU.Npu.Blocks;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Architectures.EthosU55;

/// <summary>Cycles per element of the output unit (npu-scheduling 5.4).</summary>
internal static class OutputRates
{
    // Columns: 32, 64, 128, 256 MACs; two cores halve the last one.
    private static readonly double[] ShortWide = [2, 1, 0.75, 0.625], LongWide = [3, 1.5, 1.25, 1.125];
    private static readonly double[] WideProduct = [3, 1.5, 0.75, 0.5], Product = [3, 1.5, 0.75, 0.375];
    private static readonly double[] Sum = [6, 3, 1.5, 0.75], Maximum = [1, 0.5, 0.25, 0.125], Usual = [2, 1, 0.5, 0.25];
    private static readonly double[] Table = [1, 1, 1, 1], Clamp = [1, 1, 0.5, 0.25];

    /// <summary>Cycles per element.</summary>
    public static double CyclesPerElement(OperationProfile op, Accelerator accelerator, CycleModel model)
    {
        int column = accelerator.MacsPerCyclePerCore switch { 32 => 0, 64 => 1, 128 => 2, _ => 3 };
        // Vela 5 charges an operation without activation like one with a table.
        double[]? activation = op.Activation switch
        {
            ActivationKind.Table => Table,
            ActivationKind.Clamp => Clamp,
            _ => model == CycleModel.Vela5 ? Table : null,
        };
        return Math.Max(Row(op, model)[column], activation?[column] ?? 0) / accelerator.Cores;
    }

    private static double[] Row(OperationProfile op, CycleModel model)
    {
        if (op.Operation == BlockOperation.Elementwise && op.Ifm.Bits == 32)
            return (op.Output == OutputKind.Unary) == (model == CycleModel.Vela5) ? ShortWide : LongWide;
        return op.Output switch
        {
            OutputKind.Multiply => op.Ofm.Bits == 32 ? WideProduct : Product,
            _ when op.UsesMacs && op.AccumulatorBits == 40 => Product,
            OutputKind.Add => Sum,
            OutputKind.MaxPool => Maximum,
            _ => Usual,
        };
    }
}
