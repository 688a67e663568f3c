using EthosU.Npu.Targets;
using Xunit;

namespace EthosU.Npu.Tests.Targets;

public class AcceleratorTests
{
    public static TheoryData<Accelerator> All => [.. Accelerator.All];

    [Theory]
    [MemberData(nameof(All))]
    public void Macs_follow_from_the_micro_block(Accelerator accelerator) =>
        Assert.Equal(accelerator.MacsPerCyclePerCore, accelerator.OfmMicroBlock.ElementCount * accelerator.IfmMicroBlock.Depth);

    [Theory]
    [InlineData("ethos-u55-32", 16, 14, 14336)]
    [InlineData("ethos-u55-64", 16, 14, 14336)]
    [InlineData("ethos-u55-128", 22, 22, 22528)]
    [InlineData("ethos-u55-256", 46, 46, 47104)]
    [InlineData("ethos-u65-256", 46, 46, 47104)]
    [InlineData("ethos-u65-512", 46, 46, 47104)]
    public void Lookup_tables_lie_at_the_end_of_shared_ram(string name, int end, int endWithLut, int address)
    {
        Accelerator accelerator = Accelerator.Find(name)!;
        Assert.Equal(end, accelerator.ShramEnd(usesLut: false));
        Assert.Equal(endWithLut, accelerator.ShramEnd(usesLut: true));
        Assert.Equal(address, accelerator.LutAddress);
    }
}
