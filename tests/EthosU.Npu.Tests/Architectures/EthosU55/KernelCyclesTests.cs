using System.Globalization;
using EthosU.Npu.Architectures.EthosU55;
using EthosU.Npu.Blocks;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;
using Xunit;

namespace EthosU.Npu.Tests.Architectures.EthosU55;

public class KernelCyclesTests
{
    public static TheoryData<string, string, string> Cases()
    {
        var cases = new TheoryData<string, string, string>();
        foreach (string[] row in ReferenceCases.Read("cycles.txt"))
            cases.Add(row[0], row[1], string.Join(' ', row[2..]));
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Cycles_and_accesses_are_those_recorded(string name, string accelerator, string expected)
    {
        OperationProfile op = Profile(name, Accelerator.Find(accelerator)!);
        Target target = TargetCatalog.Standard.Resolve(accelerator);
        long cycles = new KernelCycles().Estimate(op, target, CycleModel.Vela3);
        ElementAccesses accesses = ElementAccesses.Of(op, CycleModel.Vela3);
        Assert.Equal(expected,
            string.Create(CultureInfo.InvariantCulture, $"{cycles} {accesses.Ifm} {accesses.Ifm2} {accesses.Ofm} {accesses.Weights}"));
    }

    private static OperationProfile Profile(string name, Accelerator accelerator)
    {
        (BlockQuery query, BlockConfig config) = ReferenceCases.Recorded(name, accelerator);
        FeatureMapProfile Map(BlockShape shape, int bits) => new(shape, bits, IsBricked: false, MemoryKind.Sram);
        bool hasWeights = query.Operation is BlockOperation.Convolution or BlockOperation.Depthwise or BlockOperation.VectorProduct;
        return new()
        {
            Operation = query.Operation,
            Ifm = Map(query.Ifm, query.IfmBits),
            Ofm = Map(query.Ofm, query.IfmBits),
            Ifm2 = name switch { "G12" => Map(query.Ifm, 8), "G14" => Map(new(1, 10, 1), 32), _ => null },
            Kernel = query.Kernel,
            OfmBlock = config.OfmBlock,
            IfmBlock = config.IfmBlock,
            PartKernelFirst = query.PartKernelFirst,
            AccumulatorBits = query.AccumulatorBits,
            Output = name switch { "G9" => OutputKind.MaxPool, "G12" or "G13" or "G14" => OutputKind.Add, _ => OutputKind.Other },
            Activation = query.UsesLut ? ActivationKind.Table : ActivationKind.None,
            ScaleMemory = hasWeights ? MemoryKind.Sram : null,
        };
    }
}
