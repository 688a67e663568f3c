using System.Collections.Immutable;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Scheduling;

/// <summary>
/// The eight slots of 256 bytes for lookup tables in the shared RAM; a table begins at a multiple of its size (npu-scheduling 3.11).
/// </summary>
internal sealed class TableSlots(Accelerator accelerator)
{
    private readonly LookupTable?[] slots = new LookupTable?[8];
    private readonly int[] used = new int[8];
    private int clock;

    /// <summary>The operations of a run with the slots of their tables; each table is stored when it is first loaded.</summary>
    /// <param name="accelerator">The accelerator.</param>
    /// <param name="run">The operations, in the order of execution.</param>
    /// <param name="constants">The read-only data.</param>
    public static ScheduledRun Assign(Accelerator accelerator, ScheduledRun run, ReadOnlyArea constants)
    {
        TableSlots slots = new(accelerator);
        var ops = ImmutableArray.CreateBuilder<PlannedOp>(run.Ops.Length);
        foreach (PlannedOp planned in run.Ops)
        {
            PlannedOp assigned = planned;
            if (planned.Op.Kind != NpuOpKind.Dma)
            {
                if (planned.Op.Table is not { } table)
                    slots.RunWithoutTable();
                else if (slots.Take(table, out int slot))
                    assigned = planned with { TableSlot = slot, TableAddress = constants.Add(table.Bytes) };
                else
                    assigned = planned with { TableSlot = slot };
            }
            ops.Add(assigned);
        }
        return run with { Ops = ops.MoveToImmutable() };
    }

    /// <summary>The slot of a table; the one used least recently is given up for it.</summary>
    /// <param name="table">The table.</param>
    /// <param name="slot">Its first slot.</param>
    /// <returns>True if the table has to be loaded.</returns>
    public bool Take(LookupTable table, out int slot)
    {
        int length = table.Bytes.Length / Accelerator.LutSlotBytes;
        clock++;
        for (slot = 0; slot < slots.Length; slot += length)
            if (table.Equals(slots[slot]))
            {
                Mark(slot, length);
                return false;
            }
        int best = 0;
        for (int first = 0; first < slots.Length; first += length)
            if (Enumerable.Range(first, length).Max(i => used[i]) < Enumerable.Range(best, length).Max(i => used[i]))
                best = first;
        // What is cut is no longer whole.
        for (int i = best; i < best + length; i++)
            if (slots[i] is { } cut)
                for (int j = 0; j < slots.Length; j++)
                    if (ReferenceEquals(slots[j], cut))
                        (slots[j], used[j]) = (null, 0);
        for (int i = best; i < best + length; i++)
            slots[i] = table;
        Mark(best, length);
        slot = best;
        return true;
    }

    /// <summary>An operation without a table ran, which may have overwritten the tables.</summary>
    public void RunWithoutTable()
    {
        if (!accelerator.KeepsTables)
            Array.Clear(slots);
    }

    private void Mark(int slot, int length)
    {
        for (int i = slot; i < slot + length; i++)
            used[i] = clock;
    }
}
