using System.Text.Json.Nodes;
using EthosU.Graphs;
using EthosU.Npu.Architectures.EthosU55;
using EthosU.Npu.Architectures;
using EthosU.Npu.Commands;
using EthosU.Npu.Disassembly;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;
using Xunit;

namespace EthosU.Npu.Tests.Commands;

public sealed class CommandTests
{
    [Fact]
    public void Worked_example_decodes_to_the_values_of_the_specification()
    {
        DriverPayload payload = DriverPayload.Decode(WorkedExample.Payload, "example");
        Assert.Equal("ethos-u55-128", payload.Config.AcceleratorName);
        Assert.Equal("1.0.6", payload.Version.ToString());
        var operations = NpuArchitecture.Of(payload.Commands.Product).Commands.Read(payload.Commands, "example");
        Assert.Equal(2, operations.Length);
        DmaOperation dma = Assert.IsType<DmaOperation>(operations[0]);
        Assert.Equal((new DmaEnd(0, 0x50), new DmaEnd(1, 0xB0), 0x180L), (dma.Source, dma.Destination, dma.Length));
        ConvolutionOperation convolution = Assert.IsType<ConvolutionOperation>(operations[1]);
        Assert.Equal((4, 4, 3, -1), (convolution.Ifm.Height, convolution.Ifm.Width, convolution.Ifm.Depth, convolution.Ifm.ZeroPoint));
        Assert.Equal((4, 4, 8, 7), (convolution.Ofm.Height, convolution.Ofm.Width, convolution.Ofm.Depth, convolution.Ofm.ZeroPoint));
        Assert.Equal(new NpuKernel(3, 3), convolution.Kernel);
        Assert.Equal(new NpuPadding(1, 1, 1, 1), convolution.Padding);
        Assert.Equal(KernelWeightOrder.PartKernelFirst, convolution.WeightOrder);
        Assert.Equal([new StreamRange(0x100, 304)], convolution.Weights);
        Assert.Equal([new StreamRange(0xB0, 80)], convolution.Scales);
        Assert.Equal(NpuActivation.Clamp(7, 127), convolution.Activation);
        Assert.Equal(new BlockShape(4, 4, 8), convolution.Block);
        Assert.Equal(new SharedRamLayout(6, 14, AccumulatorFormat.Int32), convolution.SharedRam);
        Assert.Equal((0, (int?)null, 0), (convolution.DmaWait, convolution.KernelWait, convolution.BlockDependency));
    }

    [Fact]
    public void Writer_makes_the_worked_example_from_its_operations()
    {
        byte[] bytes = WorkedExample.Payload;
        DriverPayload payload = DriverPayload.Decode(bytes, "example");
        Assert.Equal(bytes, payload.Encode());
        CommandWriter writer = new(payload.Config);
        foreach (StreamOperation operation in NpuArchitecture.Of(payload.Commands.Product).Commands.Read(payload.Commands, "example"))
            writer.Add(operation);
        Assert.Equal(bytes, DriverPayload.Create(payload.Config, writer.Finish()).Encode());
    }

    [Fact]
    public void Every_field_of_every_command_is_written_and_read_and_keeps_its_neighbours()
    {
        foreach (CommandDefinition definition in CommandTable.All)
        {
            ulong used = 0;
            foreach (CommandField field in definition.Fields)
            {
                Assert.True((used & field.Mask) == 0, $"{definition.Name} {field.Name} overlaps");
                used |= field.Mask;
                foreach (ulong raw in (ulong[])[field.Mask, field.Mask & 0x5555_5555_5555, field.Mask & 0xAAAA_AAAA_AAAA, 0])
                {
                    ulong value = field.Write(definition.UsedBits, field.Read(raw));
                    Assert.Equal(raw | (definition.UsedBits & ~field.Mask), value);
                    Assert.Equal(value, Command.WithValue(definition.Code, value).Value);
                }
            }
            Assert.Equal(0UL, used >> (definition.HasPayload ? 48 : 16));
        }
    }

    [Theory]
    [InlineData("ethos-u85-128", 0x20000117u)]
    [InlineData("ethos-u85-256", 0x20000118u)]
    [InlineData("ethos-u85-512", 0x20001119u)]
    [InlineData("ethos-u85-1024", 0x2000251Au)]
    [InlineData("ethos-u85-2048", 0x2000261Bu)]
    public void The_configuration_word_of_an_engine_names_its_decoders_and_ports(string name, uint word)
    {
        Accelerator accelerator = Accelerator.Find(name)!;
        Assert.Equal(word, NpuArchitecture.Of(accelerator).Commands.ConfigOf(accelerator).Word);
        Assert.Equal(name, new HardwareConfig(word).AcceleratorName);
        Assert.Null(new HardwareConfig(word ^ 0x100).AcceleratorName);
    }

    [Fact]
    public void Bits_of_the_commands_of_the_Ethos_U85_do_not_overlap()
    {
        foreach (CommandDefinition definition in CommandSet.EthosU85.All)
        {
            Assert.Equal(definition.Fields.Sum(static field => field.Bits), System.Numerics.BitOperations.PopCount(definition.UsedBits));
            Assert.Equal(definition.Fields.Length, definition.Fields.Select(static field => field.Name).Distinct().Count());
        }
    }

    [Theory]
    [InlineData(NpuProduct.U55, 32, 16, 0x00001005u)]
    [InlineData(NpuProduct.U55, 64, 16, 0x00001006u)]
    [InlineData(NpuProduct.U55, 128, 24, 0x00001807u)]
    [InlineData(NpuProduct.U55, 256, 48, 0x00003008u)]
    [InlineData(NpuProduct.U65, 256, 48, 0x10003008u)]
    [InlineData(NpuProduct.U65, 512, 96, 0x10006009u)]
    public void Configuration_words_are_those_of_the_specification(NpuProduct product, int macs, int sharedRam, uint word)
    {
        HardwareConfig config = HardwareConfig.Of(product, macs, sharedRam);
        Assert.Equal(word, config.Word);
        Assert.Equal((product, macs, sharedRam, macs == 512 ? 2 : 1),
            (config.Product, config.MacsPerCycle, config.SharedRamKilobytes, config.Cores));
        Assert.Equal($"ethos-{(product == NpuProduct.U55 ? "u55" : "u65")}-{macs}", config.AcceleratorName);
    }

    [Fact]
    public void Disassembly_names_every_command_and_groups_it_by_operation()
    {
        DriverPayload payload = DriverPayload.Decode(WorkedExample.Payload, "example");
        string text = Disassembler.ToText(payload, "example");
        Assert.Contains("1: conv 3x3 int8[4, 4, 3]@1:0x0 -> int8[4, 4, 8]@1:0x30", text, StringComparison.Ordinal);
        Assert.Contains(
            "00074  00010105           NPU_SET_IFM_PRECISION type=signed, bits=8, format=nhwc, scale_mode=both_16_bit, rounding=tfl", text,
            StringComparison.Ordinal);
        JsonNode json = JsonNode.Parse(Disassembler.ToJson(payload, "example"))!;
        Assert.Equal(["dma", "conv", "end"], json["operations"]!.AsArray().Select(static group => (string)group!["kind"]!));
        JsonNode depth = json["operations"]![1]!["commands"]!.AsArray()
            .Single(static command => (string)command!["name"]! == "NPU_SET_IFM_DEPTH_M1")!;
        Assert.Equal(3, (int)depth["fields"]!["size"]!);
        Assert.Equal(payload.Commands.Commands.Length,
            json["operations"]!.AsArray().Sum(static group => group!["commands"]!.AsArray().Count));
    }

    [Fact]
    public void Negative_strides_take_forty_bits_on_both_products()
    {
        foreach (NpuProduct product in Enum.GetValues<NpuProduct>())
        {
            Command command = Command.WithValue(CommandCode.SetOfmStrideX, CommandFields.Stride.Write(0, -32));
            Assert.Equal((0x00FF, 0xFFFFFFE0u), (command.Parameter, command.Payload));
            CommandStream stream = new(product, [command]);
            Assert.Equal(stream.Encode(), CommandStream.Decode(stream.Encode(), product, "stream").Encode());
        }
    }

    [Fact]
    public void Memory_plan_is_that_of_the_specification()
    {
        byte[] bytes = Convert.FromHexString("000000000100000006000000" + "00000000401F0000FFFFFFFFFFFFFFFF0000000000000000");
        OfflineMemoryPlan plan = OfflineMemoryPlan.Decode(bytes, "plan");
        Assert.Equal([0, 8000, -1, -1, 0, 0], plan.Offsets);
        Assert.Equal(bytes, plan.Encode());
        Assert.Throws<ModelFormatException>(() => OfflineMemoryPlan.Decode(bytes.AsSpan(4), "plan"));
    }

    [Fact]
    public void Operator_is_read_from_its_node()
    {
        Tensor Bytes(string name) => new(name, TensorData.Vector<byte>(1, 2, 3, 4));
        Tensor scratch = new("scratch", ElementType.UInt8, [64]), x = new("x", ElementType.Int8, [1, 4]),
            y = new("y", ElementType.Int8, [1, 4]);
        EthosUNode operands = new(Bytes("commands"), Bytes("flash"), scratch, scratch, [x], [y]);
        Node node = operands.ToNode();
        Assert.True(EthosUNode.Matches(node));
        Assert.Equal("ethos-u", node.Operator.Name);
        Assert.Equal([1, 4, 1], ((Custom)node.Operator).Options.ToArray());
        EthosUNode read = EthosUNode.Of(node, "model");
        Assert.Equal((operands.Payload, operands.Scratch, x, y),
            (read.Payload, read.FastScratch, read.Inputs.Single(), read.Outputs.Single()));
        Assert.Throws<ModelFormatException>(() => EthosUNode.Of(node.WithInputs([x, x]), "model"));
    }

    [Theory]
    [InlineData(0, "COP1")]
    [InlineData(2, "configuration")]
    [InlineData(4, "action")]
    [InlineData(7, "action")]
    [InlineData(8, "no command")]
    public void Damaged_payloads_are_refused_with_their_place(int word, string reason)
    {
        byte[] bytes = WorkedExample.Payload;
        bytes.AsSpan(word * 4, 4).Fill(0xEE);
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => DriverPayload.Decode(bytes, "example"));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Streams_without_end_and_truncated_payloads_are_refused()
    {
        byte[] bytes = WorkedExample.Payload;
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<ModelFormatException>(() => DriverPayload.Decode(bytes.AsSpan(0, length), "example"));
        CommandStream endless = new(NpuProduct.U55, [new(CommandCode.SetIfmRegion, 0)]);
        Assert.Throws<ModelFormatException>(() => NpuArchitecture.Of(endless.Product).Commands.Read(endless, "example"));
    }

    [Fact]
    public void Commands_of_the_other_product_are_refused()
    {
        Assert.Throws<ModelFormatException>(() => CommandStream.Decode([(uint)CommandCode.SetParallelMode], NpuProduct.U55, "stream"));
        Assert.Throws<ModelFormatException>(() => CommandStream.Decode([(uint)CommandCode.SetUserDefined0, 0], NpuProduct.U65, "stream"));
        Assert.Throws<ArgumentException>(
            () => new CommandWriter(HardwareConfig.Of(NpuProduct.U55, 128, 24)).Set(CommandCode.SetParallelMode, 0));
    }
}
