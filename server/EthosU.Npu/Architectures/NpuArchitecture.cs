using EthosU.Npu.Architectures.EthosU55;
using EthosU.Npu.Architectures.EthosU85;
using EthosU.Npu.Blocks;
using EthosU.Npu.Commands;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;
using EthosU.Npu.Weights;

namespace EthosU.Npu.Architectures;

/// <summary>
/// What distinguishes accelerators in behaviour, one answer a question; what distinguishes them in numbers is data of
/// <see cref="ProductFamily"/> and <see cref="Accelerator"/>. Each architecture has a folder. Where
/// <see cref="ProductFamily.CanCompile"/> says so, there are answers for compiling, too.
/// </summary>
public sealed class NpuArchitecture
{
    private static readonly RegisterCommands SharedRamCommands = new();

    /// <summary>Cores with one shared RAM, a micro-block of one shape, and a stream of weights for each.</summary>
    private static readonly NpuArchitecture SharedRam = new(SharedRamCommands,
        new(new SharedRamBlocks(), new WeightPacker(), new KernelCycles(), SharedRamCommands));

    /// <summary>One engine with memories of fixed sizes and micro-blocks to choose from.</summary>
    private static readonly NpuArchitecture Engine = new(new EngineCommands(), null);

    private readonly CompilerParts? parts;

    private NpuArchitecture(ICommandFormat commands, CompilerParts? parts)
    {
        Commands = commands;
        this.parts = parts;
    }

    /// <summary>Which blocks it can work in.</summary>
    internal IBlockModel Blocks => Parts.Blocks;

    /// <summary>How it reads weights.</summary>
    internal IWeightFormat Weights => Parts.Weights;

    /// <summary>How long its arithmetic takes.</summary>
    internal IKernelCycles Cycles => Parts.Cycles;

    /// <summary>How its command streams are made.</summary>
    internal ICommandWriter Writer => Parts.Writer;

    /// <summary>How its command streams say what is to be done.</summary>
    public ICommandFormat Commands { get; }

    private CompilerParts Parts => parts ?? throw new InvalidOperationException("models cannot be compiled for this architecture");

    /// <summary>The architecture of a product.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public static NpuArchitecture Of(NpuProduct product) => product switch
    {
        NpuProduct.U55 or NpuProduct.U65 => SharedRam,
        NpuProduct.U85 => Engine,
        _ => throw new ArgumentOutOfRangeException(nameof(product), product, "no known product"),
    };

    /// <summary>The architecture of an accelerator.</summary>
    public static NpuArchitecture Of(Accelerator accelerator) => Of(accelerator.Family.Product);

    private sealed record CompilerParts(IBlockModel Blocks, IWeightFormat Weights, IKernelCycles Cycles, ICommandWriter Writer);
}
