using EthosU.Npu.Operations;
using Xunit;

namespace EthosU.Simulator.Tests;

/// <summary>The convolution of npu-commands 13, written from its description and run on its data.</summary>
public sealed class WorkedExampleTests
{
    private const string Flash =
        """
        6400000000AB063A6D2638FFFFFFFF0048E17A262C01000000554444442570FE
        FFFFFFABE4174B25F4010000000085EB5125A8FDFFFFFF5525BF5825BC020000
        0000C6925F25E0FCFFFFFFAB66666625A106DC018C31C608F01A127B33000B84
        14632D2188863A80133A12C6384232CEC9C1E0E94B8E71158D6D15AFD4ED2809
        C6ECB834FE785EDA2824C6A89A7BFB489C25A8981463B16B15C63D11102A12C6
        588B9A54A863CD4A498E31D5D658A6060B410609C6C4E14EF51D6CBE1126C698
        14631C2235435E249AB512C6B02D02D52A0364244E8EF1C5A70924A2F0902909
        C628981AD94A75389C24C638EC5ACB4223E259931463906E443E7A07AA8812C6
        A0758BF9BBF415E94A8E3154F10DADD145DE2609C64C2A6A6C895EE8A125C698
        1463550A3F617E879EC512C6AC9B2A181B8CB39349C6D84BD6C950C34FDE2399
        313A795AEB6411237E93630C78D20BF18BF27944823109740F71B1AB654F8931
        433096A0B668C62E26C5805F0641C796840C0070FEFF23FF01FAFFFFFFFFFFFF
        """;

    private const string Expected =
        """
        7 12 9 7 12 7 9 7  7 7 12 7 8 7 11 22  9 7 11 7 7 7 16 7  10 7 7 9 13 19 23 7
        7 13 7 7 10 7 7 7  7 7 16 9 7 12 15 22  13 7 11 9 11 7 47 7  9 10 12 7 7 7 41 7
        7 11 7 7 7 7 7 10  8 7 13 8 9 18 18 12  14 7 15 7 13 12 36 7  12 22 7 7 7 7 14 7
        7 7 7 7 11 7 9 7  7 7 9 7 12 7 21 7  9 7 17 7 7 11 18 7  8 15 7 7 10 7 7 7
        """;

    [Fact]
    public void Output_is_that_of_the_specification()
    {
        byte[] data = Convert.FromHexString(string.Concat(Flash.Split(['\n', '\r', ' '], StringSplitOptions.RemoveEmptyEntries)));
        NpuMemory memory = new();
        memory.SetReadOnly(0, (byte[])[.. new byte[0x50], .. data]);
        memory.SetScratch(1, 560);
        memory.Write(1, 0, (byte[])[.. Enumerable.Range(0, 48).Select(static n => (byte)(n % 11 - 5))]);
        ConvolutionOperation convolution = new()
        {
            IsDepthwise = false,
            Ifm = TestProgram.Map(4, 4, 3, 0) with { ZeroPoint = -1 },
            Ofm = TestProgram.Map(4, 4, 8, 0x30) with { ZeroPoint = 7 },
            Kernel = new(3, 3),
            Padding = new(1, 1, 1, 1),
            WeightOrder = KernelWeightOrder.PartKernelFirst,
            Activation = NpuActivation.Clamp(7, 127),
            Block = new(4, 4, 8),
            SharedRam = new(6, 14, AccumulatorFormat.Int32),
            WeightRegion = 1,
            Weights = [new(0x100, 304)],
            ScaleRegion = 1,
            Scales = [new(0xB0, 80)],
            DmaWait = 0,
        };
        SimulationResult result = TestProgram.Run(memory, TestProgram.Transfer(0x50, 0xB0, 0x180), convolution);
        Assert.Empty(result.Violations);
        Assert.Equal(Expected.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
            memory.Read(1, 0x30, 128).Select(static value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }
}
