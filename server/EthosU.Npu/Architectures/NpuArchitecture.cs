using EthosU.Npu.Architectures.EthosU55;
using EthosU.Npu.Blocks;
using EthosU.Npu.Commands;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;
using EthosU.Npu.Weights;

namespace EthosU.Npu.Architectures;

/// <summary>
/// What distinguishes accelerators in behaviour, one answer a question; what distinguishes them in numbers is data of
/// <see cref="ProductFamily"/> and <see cref="Accelerator"/>. Each architecture has a folder.
/// </summary>
public sealed class NpuArchitecture
{
    /// <summary>Cores with one shared RAM, a micro-block of one shape, and a stream of weights for each.</summary>
    private static readonly NpuArchitecture SharedRam =
        new(new SharedRamBlocks(), new WeightPacker(), new KernelCycles(), new RegisterCommands());

    private NpuArchitecture(IBlockModel blocks, IWeightFormat weights, IKernelCycles cycles, ICommandFormat commands)
    {
        Blocks = blocks;
        Weights = weights;
        Cycles = cycles;
        Commands = commands;
    }

    /// <summary>Which blocks it can work in.</summary>
    internal IBlockModel Blocks { get; }

    /// <summary>How it reads weights.</summary>
    internal IWeightFormat Weights { get; }

    /// <summary>How long its arithmetic takes.</summary>
    internal IKernelCycles Cycles { get; }

    /// <summary>How its command streams say what is to be done.</summary>
    public ICommandFormat Commands { get; }

    /// <summary>The architecture of a product.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public static NpuArchitecture Of(NpuProduct product) => product switch
    {
        NpuProduct.U55 or NpuProduct.U65 => SharedRam,
        _ => throw new ArgumentOutOfRangeException(nameof(product), product, "no known product"),
    };

    /// <summary>The architecture of an accelerator.</summary>
    public static NpuArchitecture Of(Accelerator accelerator) => Of(accelerator.Family.Product);
}
