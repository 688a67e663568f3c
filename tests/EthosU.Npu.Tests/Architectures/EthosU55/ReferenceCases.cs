using System.Globalization;
using EthosU.Npu.Blocks;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;
using EthosU.Testing;

namespace EthosU.Npu.Tests.Architectures.EthosU55;

/// <summary>The operations of the reference vectors G1 to G17 (npu-scheduling 2.10 and 5.10).</summary>
internal static class ReferenceCases
{
    public static BlockQuery Query(string name, Accelerator accelerator, bool partKernel, int accumulatorBits)
    {
        BlockQuery Make(BlockOperation operation, BlockShape ofm, BlockShape ifm, NpuKernel kernel, int bits = 8) =>
            new(accelerator, operation, ofm, ifm, bits, kernel) { PartKernelFirst = partKernel, AccumulatorBits = accumulatorBits };
        return name switch
        {
            "G1" => Make(BlockOperation.Convolution, new(32, 32, 16), new(32, 32, 16), new(3, 3)),
            "G2" => Make(BlockOperation.Convolution, new(56, 56, 128), new(56, 56, 64), new(1, 1)),
            "G3" => Make(BlockOperation.Convolution, new(112, 112, 32), new(224, 224, 3), new(3, 3, 2, 2)),
            "G4" => Make(BlockOperation.Convolution, new(20, 20, 40), new(28, 28, 24), new(5, 5, 1, 1, 2, 2)),
            "G5" => Make(BlockOperation.Convolution, new(16, 16, 64), new(16, 16, 64), new(3, 3), 16),
            "G6" => Make(BlockOperation.Convolution, new(1, 148, 250), new(1, 148, 250), new(1, 7)),
            "G7" => Make(BlockOperation.Depthwise, new(24, 24, 32), new(24, 24, 32), new(3, 3)),
            "G8" => Make(BlockOperation.Depthwise, new(28, 28, 96), new(56, 56, 96), new(3, 3, 2, 2)) with { UsesLut = true },
            "G9" => Make(BlockOperation.Pooling, new(14, 14, 64), new(28, 28, 64), new(2, 2, 2, 2)),
            "G10" => Make(BlockOperation.Pooling, new(1, 1, 256), new(7, 7, 256), new(7, 7, 7, 7), 16),
            "G11" => Make(BlockOperation.VectorProduct, new(1, 1, 10), new(1, 1, 256), new(1, 1)),
            "G12" => Make(BlockOperation.Elementwise, new(24, 24, 32), new(24, 24, 32), new(1, 1)) with { Second = SecondOperand.Tensor },
            "G13" => Make(BlockOperation.Elementwise, new(24, 24, 32), new(24, 24, 32), new(1, 1))
                with { Second = SecondOperand.Scalar, UsesLut = true },
            "G14" => Make(BlockOperation.Elementwise, new(1, 10, 100), new(1, 10, 100), new(1, 1), 32)
                with { Second = SecondOperand.Tensor },
            "G15" => Make(BlockOperation.ReduceSum, new(1, 10, 1), new(1, 10, 100), new(1, 1), 32),
            "G16" => Make(BlockOperation.Convolution, new(32, 32, 16), new(16, 16, 32), new(3, 3)) with { Upscale = NpuUpscale.Zeros },
            "G17" => Make(BlockOperation.Pooling, new(32, 32, 16), new(16, 16, 16), new(1, 1)) with { Upscale = NpuUpscale.Nearest },
            _ => throw new ArgumentException(name),
        };
    }

    public static IEnumerable<string[]> Read(string file) =>
        File.ReadLines(Path.Combine(SharedData.RepositoryRoot, "tests", "EthosU.Npu.Tests", "Architectures", "EthosU55", file))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public static BlockShape Shape(string text)
    {
        int[] sizes = [.. text.Split('x').Select(s => int.Parse(s, CultureInfo.InvariantCulture))];
        return new(sizes[0], sizes[1], sizes[2]);
    }

    /// <summary>The recorded line of a case; the largest three accelerators share one.</summary>
    public static (BlockQuery Query, BlockConfig Config) Recorded(string name, Accelerator accelerator)
    {
        string column = accelerator.OfmMicroBlock.Height == 2 ? "ethos-u55-256" : accelerator.Name;
        string[] row = Read("blocks.txt").Single(r => r[0] == name && r[1] == column);
        BlockQuery query = Query(name, accelerator, row[4] == "P", int.Parse(row[5], CultureInfo.InvariantCulture));
        int[] layout = [.. row[6].Split(',').Select(s => int.Parse(s, CultureInfo.InvariantCulture))];
        return (query, new(Shape(row[2]), Shape(row[3]), new(layout[0], layout[1], layout[2], layout[3], layout[4]), 0));
    }
}
