using EthosU.Graphs;
using EthosU.Npu.Targets;
using Xunit;

namespace EthosU.Npu.Tests.Targets;

public class TargetCatalogTests
{
    private static readonly TargetCatalog Standard = TargetCatalog.Standard;

    [Theory]
    [InlineData("Ethos_U55_Deep_Embedded", "ethos-u55-32", 200e6, MemoryKind.OffChipFlash, 8, 0.5)]
    [InlineData("Ethos_U55_High_End_Embedded", "ethos-u55-128", 500e6, MemoryKind.OffChipFlash, 8, 1)]
    [InlineData("Ethos_U65_Embedded", "ethos-u65-256", 500e6, MemoryKind.OffChipFlash, 16, 1)]
    [InlineData("Ethos_U65_Mid_End", "ethos-u65-256", 500e6, MemoryKind.Dram, 16, 7.5)]
    [InlineData("Ethos_U65_High_End", "ethos-u65-256", 1e9, MemoryKind.Dram, 16, 3.75)]
    [InlineData("Ethos_U65_Client_Server", "ethos-u65-512", 1e9, MemoryKind.Dram, 16, 12)]
    public void System_configurations_have_their_clocks_and_bandwidths(
        string name, string accelerator, double clock, MemoryKind second, double sramBytes, double secondBytes)
    {
        Target target = Standard.Resolve(accelerator, name, "Shared_Sram");
        Assert.Equal(clock, target.System.CoreClock);
        Assert.Equal(MemoryKind.Sram, target.System.Axi0);
        Assert.Equal(second, target.System.Axi1);
        Assert.Equal(sramBytes, target.BytesPerCycle(MemoryKind.Sram));
        Assert.Equal(secondBytes, target.BytesPerCycle(second));
        Assert.Equal(new MemoryTiming(1, 32, 32, 32), target.Timing(MemoryKind.Sram));
        Assert.Equal(second == MemoryKind.Dram ? (128, 500, 250) : (128, 64, 0),
            (target.Timing(second).BurstLength, target.Timing(second).ReadLatency, target.Timing(second).WriteLatency));
    }

    [Theory]
    [InlineData("ethos-u55-128", null, MemoryKind.OffChipFlash, MemoryKind.Sram, false, 1L << 32)]
    [InlineData("ethos-u65-256", null, MemoryKind.Dram, MemoryKind.Dram, true, 393216L)]
    [InlineData("ethos-u65-512", "Dedicated_Sram_512KB", MemoryKind.Dram, MemoryKind.Dram, true, 524288L)]
    [InlineData("ethos-u65-512", "Dedicated_Sram", MemoryKind.Dram, MemoryKind.Dram, true, 1L << 40)]
    [InlineData("ethos-u65-512", "Shared_Sram", MemoryKind.Dram, MemoryKind.Sram, false, 1L << 40)]
    [InlineData("ETHOS_U55_32", "Sram_Only", MemoryKind.Sram, MemoryKind.Sram, false, 1L << 32)]
    public void Memory_modes_place_constants_arena_and_cache(
        string accelerator, string? mode, MemoryKind constants, MemoryKind arena, bool spilling, long size)
    {
        Target target = Standard.Resolve(accelerator, memoryMode: mode);
        Assert.Equal(constants, target.ConstMemory);
        Assert.Equal(arena, target.ArenaMemory);
        Assert.Equal(MemoryKind.Sram, target.CacheMemory);
        Assert.Equal(spilling, target.IsSpilling);
        Assert.Equal(size, target.ArenaCacheSize);
        Assert.Equal(constants is MemoryKind.Dram or MemoryKind.OffChipFlash, target.ConstantsAreSlow);
    }

    [Fact]
    public void An_explicit_arena_cache_size_wins() =>
        Assert.Equal(1000, Standard.Resolve("ethos-u65-256", arenaCacheSize: 1000).ArenaCacheSize);

    [Theory]
    [InlineData("ethos-u99-256", null, null, null, "target-unknown", "ethos-u55-128")]
    [InlineData("ethos-u55-128", "Ethos_U99", null, null, "target-unknown", "Ethos_U55_Deep_Embedded")]
    [InlineData("ethos-u55-128", null, "Shared", null, "target-unknown", "Shared_Sram")]
    [InlineData("ethos-u55-128", null, "Dedicated_Sram", null, "target-memory-mode", "OffChipFlash and cannot be written")]
    [InlineData("ethos-u55-128", null, null, (1L << 32) + 1, "target-cache-size", "4294967296")]
    [InlineData("ethos-u65-256", null, null, -1L, "target-cache-size", "-1")]
    public void Impossible_choices_are_refused(string accelerator, string? system, string? mode, long? size, string rule, string text)
    {
        var error = Assert.Throws<UnsupportedModelException>(() => Standard.Resolve(accelerator, system, mode, size));
        Assert.Equal(rule, Assert.Single(error.Findings).RuleId);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    private const string Board = """
        # a board
        [System_Config.My_Board]
        core_clock: 400e6
        axi0_port=Sram
        axi1_port = OffChipFlash
        Sram_clock_scale=1.0
        SRAM_BURST_LENGTH=32
        OffChipFlash_clock_scale=0.1
        OffChipFlash_read_latency=90

        [System_Config.My_Board_Fast]
        inherit=System_Config.My_Board
        core_clock=500e6
        ; a comment
        OffChipFlash_burst_length=64

        [Memory_Mode.My_Shared]
        inherit=Memory_Mode.Shared_Sram
        arena_cache_size=524288
        """;

    [Fact]
    public void A_file_defines_configurations_and_inherits()
    {
        Target target = Standard.With(Board, "board.ini").Resolve("ethos-u55-256", "My_Board_Fast", "My_Shared");
        Assert.Equal(500e6, target.System.CoreClock);
        Assert.Equal(new MemoryTiming(0.1, 64, 90, 0), target.Timing(MemoryKind.OffChipFlash));
        Assert.Equal(new MemoryTiming(1, 32, 0, 0), target.Timing(MemoryKind.Sram));
        Assert.Equal(524288, target.ArenaCacheSize);
    }

    [Fact]
    public void Later_files_override_single_keys()
    {
        TargetCatalog catalog = Standard.With(Board, "a.ini").With("[System_Config.My_Board]\nCore_Clock=1e6", "b.ini");
        SystemConfig board = catalog.GetSystemConfig("My_Board");
        Assert.Equal(1e6, board.CoreClock);
        Assert.Equal(90, board.Axi1Timing.ReadLatency);
    }

    [Fact]
    public void A_section_takes_the_place_of_the_built_in_one_of_its_name()
    {
        TargetCatalog catalog = Standard.With("[System_Config.Ethos_U55_Deep_Embedded]\naxi1_port=Dram", "own.ini");
        Assert.Equal(new MemoryTiming(1, 1, 0, 0), catalog.GetSystemConfig("Ethos_U55_Deep_Embedded").Axi0Timing);
        Assert.Equal(32, catalog.With("[System_Config.Ethos_U55_Deep_Embedded]\ninherit=System_Config.Ethos_U55_Deep_Embedded", "c.ini")
            .GetSystemConfig("Ethos_U55_Deep_Embedded").Axi0Timing.BurstLength);
    }

    [Fact]
    public void Values_continue_on_indented_lines_and_refer_to_other_keys()
    {
        const string text = "[Memory_Mode.M]\nsize=1024\narena_cache_size=\n   %(size)s\n[x]\na=50%%";
        Assert.Equal(1024, Standard.With(text, "m.ini").GetMemoryMode("M").ArenaCacheSize);
    }

    [Theory]
    [InlineData("core_clock=1", 1, "before the first key")]
    [InlineData("[a]\nb=1\n[a]", 3, "already defined in line 1")]
    [InlineData("[a]\nb=1\nB=2", 3, "already set in line 2")]
    [InlineData("[a]\nnonsense", 2, "'key = value'")]
    [InlineData("[a", 1, "in brackets")]
    [InlineData("[a]\nb=%(c)s", 2, "does not have")]
    [InlineData("[a]\nb=%(b)s", 2, "refers to itself")]
    [InlineData("[a]\nb=100%", 2, "'%%'")]
    public void Errors_of_form_name_file_and_line(string text, int line, string expected)
    {
        var error = Assert.Throws<ModelFormatException>(() => Standard.With(text, "bad.ini"));
        Assert.StartsWith($"bad.ini: line {line}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[System_Config.X]\ncore_clock=fast", 2, "number")]
    [InlineData("[System_Config.X]\ncore_clock=nan", 2, "number")]
    [InlineData("[System_Config.X]\naxi0_port=SRAM", 2, "one of Sram, Dram")]
    [InlineData("[System_Config.X]\nSram_clock_scale=2", 2, "from 1E-06 to 1")]
    [InlineData("[System_Config.X]\nSram_read_latency=1.5", 2, "whole number")]
    [InlineData("[System_Config.X]\n\ninherit=System_Config.Y", 3, "does not exist")]
    [InlineData("[System_Config.Z]\ninherit=System_Config.X\n[System_Config.X]\ninherit=System_Config.Z", 3, "inherits from itself")]
    [InlineData("[System_Config.X]\ninherit=System_Config.X", 1, "inherits from itself")]
    public void Errors_of_content_name_file_and_line(string text, int line, string expected)
    {
        TargetCatalog catalog = Standard.With(text, "bad.ini");
        var error = Assert.Throws<ModelFormatException>(() => catalog.Resolve("ethos-u55-128", "X"));
        Assert.StartsWith($"bad.ini: line {line}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
