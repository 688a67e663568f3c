using EthosU.Npu.Targets;

namespace EthosU.Simulator;

/// <summary>The part of the shared RAM that holds lookup tables; all cores have the same.</summary>
internal sealed class SharedRam(Accelerator accelerator)
{
    private readonly byte[] tables = new byte[Accelerator.LutBytes];
    private readonly bool[] loaded = new bool[Accelerator.LutBytes];

    /// <summary>Copies bytes into the shared RAM.</summary>
    public void Write(long address, ReadOnlySpan<byte> bytes)
    {
        long offset = address - accelerator.LutAddress;
        if (offset < 0 || offset + bytes.Length > tables.Length)
            throw new SimulationStopException(ViolationRules.OutsideRegion,
                $"a transfer to 0x{address:X} of the shared RAM, whose tables lie at 0x{accelerator.LutAddress:X} to "
                    + $"0x{accelerator.LutAddress + tables.Length - 1:X}");
        bytes.CopyTo(tables.AsSpan((int)offset));
        loaded.AsSpan((int)offset, bytes.Length).Fill(true);
    }

    /// <summary>The table of a slot.</summary>
    public ReadOnlySpan<byte> Table(int slot, int bytes)
    {
        int offset = slot * Accelerator.LutSlotBytes;
        if (offset + bytes > tables.Length)
            throw new SimulationStopException(ViolationRules.OutsideRegion, $"a table of {bytes} bytes does not fit slot {slot}");
        return tables.AsSpan(offset, bytes);
    }

    /// <summary>True if all bytes of a table have been loaded and nothing has used their place since.</summary>
    public bool IsLoaded(int slot, int bytes) => !loaded.AsSpan(slot * Accelerator.LutSlotBytes, bytes).Contains(false);

    /// <summary>An operation without table may use the tables' place where no banks are kept free for them.</summary>
    public void Invalidate()
    {
        if (!accelerator.KeepsTables)
            loaded.AsSpan().Clear();
    }
}
