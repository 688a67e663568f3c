using System.Buffers.Binary;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Simulator;

/// <summary>What becomes of a scaled result: zero point, limits, table (npu-u85 4.1 and 4.4).</summary>
internal sealed class EngineOutput
{
    private const int Points = 512;
    private readonly Execution run;
    private readonly KernelOperation operation;
    private readonly NpuActivation activation;
    private readonly TypedTable kind;
    private readonly int[] table;

    public EngineOutput(Execution run, KernelOperation operation)
    {
        (this.run, this.operation) = (run, operation);
        activation = operation.Activation;
        kind = activation.TypedTable;
        if (!kind.IsUsed)
        {
            table = [];
            return;
        }
        int slot = kind.Address / Accelerator.LutSlotBytes;
        ReadOnlySpan<byte> content = run.SharedRam.Table(slot, kind.Bytes);
        if (run.Check && !run.SharedRam.IsLoaded(slot, kind.Bytes))
            run.Report(ViolationRules.TableNotLoaded,
                $"table {kind.Number} of {kind.Bytes} bytes is used, but not all of it has been loaded");
        table = Entries(content, kind.Kind);
    }

    /// <summary>The number to be stored.</summary>
    public long Finish(long value)
    {
        if (kind.Kind is TableKind.Tanh or TableKind.Sigmoid)
            return Limit(Curve(value));
        long result = Limit(value + operation.Ofm.ZeroPoint);
        if (kind.IsUsed)
            result = Lookup(result);
        return operation.Ofm.ElementBytes == 4 ? Saturate(result) : result;
    }

    private static int[] Entries(ReadOnlySpan<byte> content, TableKind kind)
    {
        int size = kind switch
        {
            TableKind.UInt8ToUInt8 or TableKind.Int8ToInt8 => 1,
            TableKind.Int8ToInt16 => 2,
            _ => 4,
        };
        var entries = new int[content.Length / size];
        for (int i = 0; i < entries.Length; i++)
            entries[i] = kind switch
            {
                TableKind.UInt8ToUInt8 => content[i],
                TableKind.Int8ToInt8 => (sbyte)content[i],
                TableKind.Int8ToInt16 => BinaryPrimitives.ReadInt16LittleEndian(content[(2 * i)..]),
                _ => BinaryPrimitives.ReadInt32LittleEndian(content[(4 * i)..]),
            };
        return entries;
    }

    private long Limit(long value) => activation.IsUnlimited ? value : Math.Max(activation.Min, Math.Min(value, activation.Max));

    private long Saturate(long value) => operation.Ofm.IsSigned
        ? Math.Clamp(value, int.MinValue, int.MaxValue) : Math.Clamp(value, 0, uint.MaxValue);

    private long Lookup(long value)
    {
        (long first, long last) = kind.Kind switch
        {
            TableKind.UInt8ToUInt8 => (0L, 255L),
            TableKind.Int16ToInt16 or TableKind.Int16ToInt32 => (short.MinValue, short.MaxValue),
            _ => (sbyte.MinValue, sbyte.MaxValue),
        };
        if (value < first || value > last)
        {
            run.Report(ViolationRules.OutOfRange, $"{value} is no index of the table, which begins with {first} and ends with {last}");
            value = Math.Clamp(value, first, last);
        }
        if (kind.Kind is not (TableKind.Int16ToInt16 or TableKind.Int16ToInt32))
            return table[value - first];
        int word = table[(value - first) >> 7];
        long result = (short)word + ((((word >> 16) * (value & 127)) + 64) >> 7);
        return kind.Kind == TableKind.Int16ToInt16 ? Math.Clamp(result, short.MinValue, short.MaxValue) : result;
    }

    /// <summary>tanh or sigmoid of a number in units of 1/12288, from an uploaded table of bases and slopes.</summary>
    private long Curve(long value)
    {
        bool tanh = kind.Kind == TableKind.Tanh;
        int bits = tanh ? 8 : 9, half = Points / 2;
        long entry = value >> bits, rest = value & ((1L << bits) - 1);
        if (entry < -half)
            (entry, rest) = (-half, 0);
        else if (entry >= half)
            (entry, rest) = (half - 1, 1L << bits);
        int word = table[entry + half];
        long t = ((long)(short)word << bits) + ((word >>> 16) * rest);
        int negative = value < 0 ? 1 : 0;
        return tanh ? (t + 128 - negative) >> 8 : (t + (1 << 24) + 512 - negative) >> 10;
    }
}
