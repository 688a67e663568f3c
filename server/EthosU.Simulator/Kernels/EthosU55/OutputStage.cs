using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using EthosU.Graphs;
using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>What becomes of a scaled result: zero point, limits, function, table (npu-commands 6.4 and 6.5).</summary>
internal sealed class OutputStage
{
    private const int SmallTable = 256, WideTable = 1024, InterpolatedTable = 2048;
    private readonly NpuActivation activation;
    private readonly long zeroPoint;
    private readonly bool isWide;
    private readonly int tableOffset;
    private readonly int[]? table;
    private readonly bool interpolates;
    private readonly (int Min, int Max) range;

    public OutputStage(Execution run, KernelOperation operation)
    {
        activation = operation.Activation;
        zeroPoint = operation.Ofm.ZeroPoint;
        isWide = operation.Ofm.ElementBytes == 4;
        range = operation.Ofm.Type == ElementType.UInt32 ? (0, int.MaxValue) : operation.Ofm.Type.IntegerRange();
        if (activation.Table is not { } slot)
        {
            run.SharedRam.Invalidate();
            return;
        }
        int bytes = (operation.Ofm.Type, activation.ClipRange) switch
        {
            (ElementType.Int8 or ElementType.UInt8, 0) => SmallTable,
            (ElementType.Int32 or ElementType.UInt32, 3) => WideTable,
            (ElementType.Int16, 0) => InterpolatedTable,
            _ => throw new SimulationStopException(ViolationRules.Unsupported,
                $"a table with an output of {operation.Ofm.Type.DisplayName()} and clip range {activation.ClipRange} is not known"),
        };
        ReadOnlySpan<byte> content = run.SharedRam.Table(slot, bytes);
        if (!run.SharedRam.IsLoaded(slot, bytes))
            run.Report(ViolationRules.TableNotLoaded,
                $"table {slot} of {bytes} bytes is used, but not all of it has been loaded into the shared RAM");
        interpolates = bytes == InterpolatedTable;
        tableOffset = interpolates || operation.Ofm.Type == ElementType.UInt8 ? 0 : 128;
        table = new int[bytes == SmallTable ? SmallTable : bytes / 4];
        for (int i = 0; i < table.Length; i++)
            table[i] = bytes != SmallTable ? BinaryPrimitives.ReadInt32LittleEndian(content[(4 * i)..])
                : operation.Ofm.IsSigned ? (sbyte)content[i] : content[i];
    }

    /// <summary>The number to be stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Finish(long value) => activation.Function == 0 && !isWide
        ? (int)Limit(value + zeroPoint)
        : FinishSlowly(value);

    private int FinishSlowly(long value) => activation.Function switch
    {
        0 => (int)Math.Clamp(value, int.MinValue, int.MaxValue),
        NpuActivation.Tanh => (int)Limit(ActivationFunctions.Tanh(value)),
        NpuActivation.Sigmoid => (int)Limit(ActivationFunctions.Sigmoid(value)),
        _ => Lookup(Limit(value + zeroPoint)),
    };

    private int Lookup(long value)
    {
        if (!interpolates)
            return table![Math.Clamp(value + tableOffset, 0, table.Length - 1)];
        int word = table![(value + 32768) >> 7 & 511];
        long result = (short)word + (((word >> 16) * (value & 127) + 64) >> 7);
        return (int)Math.Clamp(result, range.Min, range.Max);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Limit(long value) => value < activation.Min ? activation.Min : value > activation.Max ? activation.Max : value;
}
