using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using Xunit;
using static EthosU.Simulator.Tests.TestProgram;

namespace EthosU.Simulator.Tests;

/// <summary>Each rule is broken by a stream that is right but for one thing.</summary>
public sealed class ViolationTests
{
    private static readonly AddressedFeatureMap Source = Map(4, 4, 16, 0), Middle = Map(4, 4, 16, 0x400), Target = Map(4, 4, 16, 0x800);

    [Fact]
    public void A_right_stream_has_no_violation()
    {
        SimulationResult result = Run(Memory(0), Transfer(0, 0, 256), Copy(Source, Middle) with { DmaWait = 0 }, Copy(Middle, Target),
            Elementwise(ElementwiseMode.Add, Middle, Target, Target) with { BlockDependency = 0 },
            Transfer(0, 0x800, 256) with { KernelWait = 0 });
        Assert.Empty(result.Violations);
        Assert.True(result.Completed);
    }

    [Fact]
    public void Memory_that_nothing_has_written() =>
        Expect(ViolationRules.UnwrittenRead, "16 of 64 bytes", Run(Memory(240), Copy(Source, Middle)), completes: true);

    [Theory]
    [InlineData(0x3F08)]
    [InlineData(0xFFFFFF00)]
    public void Access_outside_of_the_region(long address) =>
        Expect(ViolationRules.OutsideRegion, "region", Run(Memory(), Copy(Source, Map(4, 4, 16, address))), completes: false);

    [Fact]
    public void Access_to_a_region_that_is_not_there() =>
        Expect(ViolationRules.OutsideRegion, "region 5", Run(Memory(), Copy(Source with { Region = 5 }, Middle)), completes: false);

    [Fact]
    public void Write_to_the_read_only_region() =>
        Expect(ViolationRules.ReadOnlyWrite, "read-only", Run(Memory(), Copy(Source, Target with { Region = 0 })), completes: false);

    [Fact]
    public void Output_that_overlaps_itself() =>
        Expect(ViolationRules.OverlappingWrite, "twice", Run(Memory(), Copy(Source, Target with { StrideX = 8 })), completes: true);

    [Fact]
    public void Output_over_an_input_that_is_still_needed() =>
        Expect(ViolationRules.OverwritesInput, "overwrites the input", Run(Memory(), Copy(Source, Map(4, 4, 16, 64))), completes: true);

    [Fact]
    public void Output_in_the_place_of_the_input_is_right()
    {
        Assert.Empty(Run(Memory(), Copy(Source, Source)).Violations);
        Assert.Empty(Run(Memory(), Elementwise(ElementwiseMode.Mul, Source, Middle, Middle)).Violations);
    }

    [Fact]
    public void Missing_wait_for_a_transfer() =>
        Expect(ViolationRules.MissingWait, "NPU_OP_DMA_WAIT", Run(Memory(), Transfer(0, 0, 256), Copy(Source, Middle)), completes: true);

    [Fact]
    public void Missing_wait_for_a_kernel()
    {
        Expect(ViolationRules.MissingWait, "NPU_OP_KERNEL_WAIT", Run(Memory(), Copy(Source, Middle), Transfer(0, 0x4F0, 32)),
            completes: true);
        Expect(ViolationRules.MissingWait, "the input of", Run(Memory(), Copy(Source, Middle), Transfer(0, 0, 32)), completes: true);
    }

    [Fact]
    public void Wait_that_lets_the_newest_kernel_run_does_not_cover_it()
    {
        Assert.Empty(Run(Memory(), Copy(Source, Middle), Copy(Target, Map(4, 4, 16, 0xC00)),
            Transfer(0, 0x400, 32) with { KernelWait = 1 }).Violations);
        Expect(ViolationRules.MissingWait, "NPU_OP_KERNEL_WAIT",
            Run(Memory(), Copy(Target, Map(4, 4, 16, 0xC00)), Copy(Source, Middle), Transfer(0, 0x400, 32) with { KernelWait = 1 }),
            completes: true);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(1, true)]
    [InlineData(0, false)]
    public void Block_dependency_on_an_operation_of_one_block(int dependency, bool isWrong)
    {
        SimulationResult result = Run(Memory(), Copy(Source, Middle), Copy(Middle, Target) with { BlockDependency = dependency });
        if (isWrong)
            Expect(ViolationRules.BlockDependency, "must be 0 or less", result, completes: true);
        else
            Assert.Empty(result.Violations);
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(2, false)]
    public void Block_dependency_on_an_operation_of_many_blocks(int dependency, bool isWrong)
    {
        AddressedFeatureMap from = Map(16, 4, 16, 0), middle = Map(16, 4, 16, 0x400), to = Map(16, 4, 16, 0x800);
        SimulationResult result = Run(Memory(), Copy(from, middle), Copy(middle, to) with { BlockDependency = dependency });
        Assert.Equal(isWrong, result.Violations.Any(static violation => violation.Rule == ViolationRules.BlockDependency));
    }

    [Fact]
    public void Block_configurations()
    {
        Expect(ViolationRules.SharedRam, "micro-block", Run(Memory(), Copy(Source, Middle) with { Block = new(4, 3, 16) }),
            completes: true);
        Expect(ViolationRules.SharedRam, "multiple of 16", Run(Memory(), Copy(Source, Middle) with { Block = new(4, 4, 8) }),
            completes: true);
        Expect(ViolationRules.SharedRam, "needs 4 banks",
            Run(Memory(), Copy(Source, Middle) with { SharedRam = new(4, 14, AccumulatorFormat.Int32) }), completes: true);
        Expect(ViolationRules.SharedRam, "accumulators need 8 banks",
            Run(Memory(), Copy(Source, Middle) with { SharedRam = new(6, 16, AccumulatorFormat.Int32) }), completes: true);
        Expect(ViolationRules.SharedRam, "behind the start of the accumulators",
            Run(Memory(), Copy(Source, Middle) with { SharedRam = new(16, 14, AccumulatorFormat.Int32) }), completes: true);
        Expect(ViolationRules.SharedRam, "second input needs",
            Run(Memory(), Elementwise(ElementwiseMode.Min, Source, Middle, Target)
                with { SharedRam = new(22, 22, AccumulatorFormat.Int32) { Ifm2Start = 20 } }), completes: true);
    }

    [Fact]
    public void Alignment_of_addresses()
    {
        AddressedFeatureMap bricks = Map(4, 4, 16, 0x408, layout: FeatureMapLayout.Nhcwb16),
            shorts = Map(4, 4, 16, 0x401, ElementType.Int16);
        Expect(ViolationRules.Alignment, "aligned to 16", Run(Memory(), Copy(Source, bricks)), completes: true);
        Expect(ViolationRules.Alignment, "aligned to 2", Run(Memory(), Copy(Source, shorts)), completes: true);
        Expect(ViolationRules.Alignment, "multiple of 16", Run(Memory(), Transfer(0, 0, 17)), completes: true);
        Expect(ViolationRules.Alignment, "source", Run(Memory(), Transfer(8, 0, 16)), completes: true);
    }

    [Fact]
    public void Table_that_is_not_loaded()
    {
        PoolingOperation lookup = Copy(Source, Middle) with { Activation = NpuActivation.Lookup(1, -128, 127), DmaWait = 0 };
        DmaOperation upload = new() { Source = new(0, 0), Destination = DmaEnd.SharedRam(0x5900), Length = 256 };
        Expect(ViolationRules.TableNotLoaded, "table 1", Run(Memory(), lookup), completes: true);
        Assert.Empty(Run(Memory(), upload, lookup).Violations);
    }

    [Fact]
    public void Reserved_bits()
    {
        DriverPayload payload = Payload(Copy(Source, Middle));
        int index = payload.Commands.Commands.Select(static command => command.Code).ToList().IndexOf(CommandCode.SetIfmUpscale);
        CommandStream changed =
            payload.Commands with { Commands = payload.Commands.Commands.SetItem(index, new(CommandCode.SetIfmUpscale, 0x8000)) };
        SimulationResult result = NpuSimulator.Run(new(DriverPayload.Create(U55, changed), "test"), Memory());
        Expect(ViolationRules.ReservedBits, "NPU_SET_IFM_UPSCALE", result, completes: true);
        Assert.Equal(index, result.Violations[0].CommandIndex);
    }

    [Fact]
    public void Inputs_of_different_types() =>
        Expect(ViolationRules.TypeMismatch, "Int8 and Int16",
        Run(Memory(), Elementwise(ElementwiseMode.Mul, Source, Map(4, 4, 16, 0x400, ElementType.Int16), Target)), completes: true);

    [Fact]
    public void Too_much_work()
    {
        SimulationResult result = NpuSimulator.Run(new(Payload(Copy(Source, Middle)), "test"), Memory(), new() { WorkLimit = 100 });
        Expect(ViolationRules.TooMuchWork, "100", result, completes: false);
    }

    [Fact]
    public void Operations_whose_result_is_not_known()
    {
        AddressedFeatureMap words = Map(2, 2, 4, 0, ElementType.Int32);
        Expect(ViolationRules.Unsupported, "left shift",
            Run(Memory(), Elementwise(ElementwiseMode.ShiftLeft, words, words with { Tiles = FeatureMapTiles.Single(2, 2, 0x40) },
                words with { Tiles = FeatureMapTiles.Single(2, 2, 0x400) })), completes: false);
        Expect(ViolationRules.Unsupported, "shared RAM",
            Run(Memory(), new DmaOperation { Source = DmaEnd.SharedRam(0), Destination = new(1, 0), Length = 16 }), completes: false);
    }

    [Fact]
    public void Without_checks_only_what_cannot_be_executed_is_found()
    {
        NpuProgram program = new(Payload(Transfer(0, 0, 256), Copy(Source, Middle)), "test");
        Assert.Empty(NpuSimulator.Run(program, Memory(0), new() { Check = false }).Violations);
        NpuProgram outside = new(Payload(Copy(Source, Map(4, 4, 16, 0xFFFFF0))), "test");
        Assert.False(NpuSimulator.Run(outside, Memory(), new() { Check = false }).Completed);
    }

    [Fact]
    public void Cancellation_stops_the_run()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => NpuSimulator.Run(new(Payload(Copy(Source, Middle)), "test"), Memory(), cancellation: source.Token));
    }

    private static void Expect(string rule, string text, SimulationResult result, bool completes)
    {
        Violation violation = Assert.Single(result.Violations, violation => violation.Rule == rule);
        Assert.Contains(text, violation.Description, StringComparison.Ordinal);
        Assert.Equal(completes, result.Completed);
    }
}
