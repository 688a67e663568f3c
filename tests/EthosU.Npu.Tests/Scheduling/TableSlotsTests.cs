using EthosU.Npu.Operations;
using EthosU.Npu.Scheduling;
using EthosU.Npu.Targets;
using Xunit;

namespace EthosU.Npu.Tests.Scheduling;

public sealed class TableSlotsTests
{
    private static LookupTable Small(int value) => LookupTable.Of8([.. Enumerable.Repeat(value, 256)]);

    [Fact]
    public void A_table_is_loaded_once_while_it_stays()
    {
        TableSlots slots = new(Accelerator.U55With128);
        Assert.True(slots.Take(Small(1), out int first));
        Assert.True(slots.Take(Small(2), out int second));
        slots.RunWithoutTable();
        Assert.False(slots.Take(Small(1), out int again));
        Assert.Equal(first, again);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Without_reserved_banks_other_operations_overwrite_tables()
    {
        TableSlots slots = new(Accelerator.U55With32);
        Assert.True(slots.Take(Small(1), out _));
        Assert.False(slots.Take(Small(1), out _));
        slots.RunWithoutTable();
        Assert.True(slots.Take(Small(1), out _));
    }

    [Fact]
    public void A_large_table_takes_whole_slots_and_drives_others_out()
    {
        TableSlots slots = new(Accelerator.U55With128);
        for (int i = 0; i < 8; i++)
            Assert.True(slots.Take(Small(i), out _));
        Assert.True(slots.Take(LookupTable.Of32(new int[256]), out int large));
        Assert.Equal(0, large % 4);
        Assert.Equal(4, Enumerable.Range(0, 8).Count(i => !Present(i)));

        bool Present(int i)
        {
            TableSlots copy = new(Accelerator.U55With128);
            for (int j = 0; j < 8; j++)
                copy.Take(Small(j), out _);
            copy.Take(LookupTable.Of32(new int[256]), out _);
            return !copy.Take(Small(i), out _);
        }
    }
}
