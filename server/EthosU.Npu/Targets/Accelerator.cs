using System.Collections.Immutable;

namespace EthosU.Npu.Targets;

/// <summary>An Ethos-U configuration: the facts of its hardware (npu-scheduling 1, npu-u85 1.1).</summary>
public sealed record Accelerator
{
    private Accelerator()
    {
    }

    /// <summary>Name as given on a command line: <c>ethos-u55-128</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it has in common with others.</summary>
    public required ProductFamily Family { get; init; }

    /// <summary>Number of cores; they share an operation's output channels.</summary>
    public required int Cores { get; init; }

    /// <summary>8-bit multiply-accumulates per cycle, all cores together.</summary>
    public required int MacsPerCycle { get; init; }

    /// <summary>What has one engine with memories of fixed sizes; null where cores have a shared RAM that streams divide.</summary>
    public EngineFacts? Engine { get; init; }

    /// <summary>Smallest unit of an output feature map that a core works on; the first one where there are several.</summary>
    public required BlockShape OfmMicroBlock { get; init; }

    /// <summary>Smallest unit of an input feature map that a core works on.</summary>
    public required BlockShape IfmMicroBlock { get; init; }

    /// <summary>Shared RAM of one core, in banks of <see cref="ShramBankBytes"/> bytes.</summary>
    public required int ShramBanks { get; init; }

    /// <summary>Banks at the end of the shared RAM that are kept free for lookup tables.</summary>
    public required int ReservedEndBanks { get; init; }

    /// <summary>
    /// True if tables survive operations that use none; otherwise accumulators are put where they lie (npu-scheduling 3.11).
    /// </summary>
    public bool KeepsTables => ReservedEndBanks > 0;

    /// <summary>True if sums over channels can read bricks of 16 channels; cores that share them cannot (npu-operators 4.6).</summary>
    public bool SumsBricks => Cores == 1;

    /// <summary>Banks by which the input buffer grows, for elements of 8 and 16 bits.</summary>
    public required int IfmBankGranule { get; init; }

    /// <summary>Banks by which the accumulator buffer grows, for accumulators of 40 bits.</summary>
    public required int Accumulator40BankGranule { get; init; }

    /// <summary>Banks by which the input buffer (32-bit elements) and the accumulator buffer (32 bits) grow.</summary>
    public int Bank32Granule => 2 * IfmBankGranule;

    /// <summary>Bytes that an AXI port moves in a cycle.</summary>
    public int AxiBytesPerCycle => Family.AxiBytesPerCycle;

    /// <summary>First address beyond what the accelerator can reach in a region.</summary>
    public long AddressLimit => 1L << Family.AddressBits;

    /// <summary>DMA commands that may be under way at once.</summary>
    public int MaxOutstandingDma => Family.MaxOutstandingDma;

    /// <summary>Kernels that may be under way at once.</summary>
    public static int MaxOutstandingKernels => 2;

    /// <summary>Jobs of a kernel that may run beside those of the kernel before, at the most.</summary>
    public int MaxBlockDependency => Family.MaxBlockDependency;

    /// <summary>Bytes in a bank of shared RAM.</summary>
    public static int ShramBankBytes => 1024;

    /// <summary>Banks at the start of the shared RAM that buffer outputs.</summary>
    public static int OutputBanks => 2;

    /// <summary>Bytes of shared RAM that hold lookup tables.</summary>
    public static int LutBytes => 2048;

    /// <summary>Bytes of a lookup table of 256 single bytes; larger tables take several.</summary>
    public static int LutSlotBytes => 256;

    /// <summary>Address of the lookup tables in shared RAM, in bytes.</summary>
    public int LutAddress => ShramBanks * ShramBankBytes - LutBytes;

    /// <summary>First bank that input buffer and accumulators may not use.</summary>
    /// <param name="usesLut">True if the operation reads a lookup table.</param>
    public int ShramEnd(bool usesLut) => ShramBanks - Math.Max(usesLut ? 2 : 0, ReservedEndBanks);

    /// <summary>Largest block of an output feature map.</summary>
    public static BlockShape MaxOfmBlock => new(32, 64, 128);

    /// <summary>Depth slices of an output start at multiples of this many channels.</summary>
    public static int OfmSplitDepth => 16;

    /// <summary>Largest part of a kernel, along each spatial axis, that is done in one pass.</summary>
    public static int MaxSubKernel => 8;

    /// <summary>Multiply-accumulates per cycle of one core.</summary>
    public int MacsPerCyclePerCore => MacsPerCycle / Cores;

    /// <summary>Ethos-U55 with 32 MACs per cycle.</summary>
    public static Accelerator U55With32 { get; } = U55(32, new(1, 1, 4), new(1, 1, 8), 16, 0, 2, 4);

    /// <summary>Ethos-U55 with 64 MACs per cycle.</summary>
    public static Accelerator U55With64 { get; } = U55(64, new(1, 1, 8), new(1, 1, 8), 16, 0, 2, 8);

    /// <summary>Ethos-U55 with 128 MACs per cycle.</summary>
    public static Accelerator U55With128 { get; } = U55(128, new(1, 2, 8), new(1, 2, 8), 24, 2, 4, 12);

    /// <summary>Ethos-U55 with 256 MACs per cycle.</summary>
    public static Accelerator U55With256 { get; } = U55(256, new(2, 2, 8), new(2, 2, 8), 48, 2, 8, 20);

    /// <summary>Ethos-U65 with 256 MACs per cycle.</summary>
    public static Accelerator U65With256 { get; } = U55With256 with { Name = "ethos-u65-256", Family = ProductFamily.U65 };

    /// <summary>Ethos-U65 with 512 MACs per cycle, on two cores.</summary>
    public static Accelerator U65With512 { get; } = U65With256 with { Name = "ethos-u65-512", Cores = 2, MacsPerCycle = 512 };

    /// <summary>Ethos-U85 with 128 MACs per cycle.</summary>
    public static Accelerator U85With128 { get; } = U85(128, 1, 8192, 8192, 2, 1, [new(1, 2, 8), new(1, 1, 16)]);

    /// <summary>Ethos-U85 with 256 MACs per cycle.</summary>
    public static Accelerator U85With256 { get; } = U85(256, 1, 16384, 16384, 2, 1, [new(1, 2, 16), new(1, 4, 8), new(2, 2, 8)]);

    /// <summary>Ethos-U85 with 512 MACs per cycle.</summary>
    public static Accelerator U85With512 { get; } = U85(512, 2, 16384, 32768, 2, 1, [new(2, 2, 16), new(1, 4, 16)]);

    /// <summary>Ethos-U85 with 1024 MACs per cycle.</summary>
    public static Accelerator U85With1024 { get; } =
        U85(1024, 4, 16384, 65536, 2, 2, [new(2, 2, 32), new(1, 4, 32), new(2, 4, 16)]);

    /// <summary>Ethos-U85 with 2048 MACs per cycle.</summary>
    public static Accelerator U85With2048 { get; } =
        U85(2048, 4, 32768, 131072, 4, 2, [new(2, 2, 64), new(1, 4, 64), new(4, 4, 16)]);

    /// <summary>All configurations, the oldest family and the smallest first.</summary>
    public static ImmutableArray<Accelerator> All { get; } =
        [U55With32, U55With64, U55With128, U55With256, U65With256, U65With512, U85With128, U85With256, U85With512, U85With1024,
        U85With2048];

    /// <summary>Those that models can be compiled for.</summary>
    public static ImmutableArray<Accelerator> Compilable { get; } = [.. All.Where(static one => one.Family.CanCompile)];

    /// <summary>
    /// The configuration of a name, in any case and with <c>_</c> for <c>-</c> if so written; null if there is none.
    /// </summary>
    public static Accelerator? Find(string name)
    {
        string normalized = name.Trim().Replace('_', '-');
        return All.FirstOrDefault(a => a.Name.Equals(normalized, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    private static Accelerator U55(int macs, BlockShape ofm, BlockShape ifm, int banks, int reserved, int granule, int granule40) => new()
    {
        Name = $"ethos-u55-{macs}",
        Family = ProductFamily.U55,
        Cores = 1,
        MacsPerCycle = macs,
        OfmMicroBlock = ofm,
        IfmMicroBlock = ifm,
        ShramBanks = banks,
        ReservedEndBanks = reserved,
        IfmBankGranule = granule,
        Accumulator40BankGranule = granule40,
    };

    /// <summary>Its internal memory that streams see is that of the tables alone.</summary>
    private static Accelerator U85(int macs, int decoders, int inputRam, int accumulatorRam, int sramPorts, int externalPorts,
        ImmutableArray<BlockShape> microBlocks) => new()
        {
            Name = $"ethos-u85-{macs}",
            Family = ProductFamily.U85,
            Cores = 1,
            MacsPerCycle = macs,
            OfmMicroBlock = microBlocks[0],
            IfmMicroBlock = new(1, 1, 8),
            ShramBanks = LutBytes / ShramBankBytes,
            ReservedEndBanks = LutBytes / ShramBankBytes,
            IfmBankGranule = 1,
            Accumulator40BankGranule = 1,
            Engine = new()
            {
                Decoders = decoders,
                MicroBlocks = microBlocks,
                InputRam = inputRam,
                AccumulatorRam = accumulatorRam,
                SramPorts = sramPorts,
                ExternalPorts = externalPorts,
            },
        };
}
