using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Simulator.Tests;

/// <summary>Whatever a stream holds, it ends soon, with a description of what is wrong or with a result.</summary>
public sealed class DamagedPayloadTests(ITestOutputHelper output)
{
    private const long WorkLimit = 1 << 21;

    [Theory]
    [InlineData("5.1/ethos-u55-128", "conv2d_int8_k3x3_s1_same")]
    [InlineData("3.10/ethos-u55-128", "softmax_int8_depth10")]
    [InlineData("5.1/ethos-u65-256", "add_int8_broadcast_c")]
    [InlineData("3.10/ethos-u55-128", "tanh_int16")]
    [InlineData("5.1/ethos-u65-256", "depthwise_int8_k3x3_s1_same")]
    [InlineData("3.10/ethos-u55-128", "resize_bilinear_int8_x2_half_pixel")]
    [InlineData("ethos-u85-256", "conv2d_int8_sparse_weights")]
    [InlineData("ethos-u85-1024", "conv2d_int8_c1_to_3")]
    [InlineData("ethos-u85-256", "resize_bilinear_int8_x2_half_pixel")]
    [InlineData("ethos-u85-1024", "arg_max_int8_logits")]
    [InlineData("ethos-u85-256", "tanh_int16_general_scale")]
    [InlineData("ethos-u85-256", "less_int8_same_scale")]
    [InlineData("ethos-u85-1024", "transpose_int8_0312")]
    [InlineData("ethos-u85-256-sram-only", "x_conv_1x1_lut2_int8")]
    [InlineData("ethos-u85-1024-sram-only", "x_gather_batch")]
    [InlineData("ethos-u85-1024-sram-only", "x_dyn_conv")]
    public void Every_flipped_bit_of_every_field(string archive, string prefix)
    {
        (DriverPayload payload, EthosUNode operands) = Load(archive, prefix);
        CommandStream stream = payload.Commands;
        Outcomes outcomes = new();
        for (int i = 0; i < stream.Commands.Length; i++)
        {
            int bits = stream.Commands[i].HasPayload ? 48 : 16;
            for (int bit = 0; bit < bits; bit += stream.Commands.Length > 150 ? 3 : 1)
            {
                Command damaged = Command.WithValue(stream.Commands[i].Code, stream.Commands[i].Value ^ (1UL << bit)) with
                {
                    Set = stream.Commands[i].Set,
                };
                outcomes.Add(Try(payload, operands, stream.Commands.SetItem(i, damaged)));
            }
        }
        output.WriteLine(outcomes.ToString());
        Assert.True(outcomes.Errors > 0 && outcomes.Stopped > 0 && outcomes.Violations > 0);
    }

    [Fact]
    public void Every_truncated_stream_and_every_changed_word()
    {
        (DriverPayload payload, EthosUNode operands) = Load("5.1/ethos-u55-128", "conv2d_int8_k3x3_s1_same");
        byte[] bytes = payload.Encode();
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<ModelFormatException>(() => new NpuProgram(DriverPayload.Decode(bytes.AsSpan(0, length), "test"), "test"));
        Random random = new(4);
        Outcomes outcomes = new();
        for (int i = 0; i < 3000; i++)
        {
            byte[] changed = [.. bytes];
            random.NextBytes(changed.AsSpan(random.Next(bytes.Length / 4) * 4, 4));
            try
            {
                outcomes.Add(Try(payload, operands, DriverPayload.Decode(changed, "test").Commands.Commands));
            }
            catch (ModelFormatException)
            {
                outcomes.Add("error");
            }
        }
        output.WriteLine(outcomes.ToString());
        Assert.True(outcomes.Errors > 0);
    }

    [Fact]
    public void Wild_sizes_end_by_themselves()
    {
        (DriverPayload payload, EthosUNode operands) = Load("5.1/ethos-u65-256", "conv2d_int8_k3x3_s1_same");
        CommandCode[] sizes =
            [.. CommandTable.All.Where(static definition => definition.Fields.Contains(CommandFields.Size))
            .Select(static definition => definition.Code)];
        CommandCode[] strides =
            [.. CommandTable.All.Where(static definition => definition.Fields.Contains(CommandFields.Stride))
            .Select(static definition => definition.Code)];
        ImmutableArray<Command> commands = payload.Commands.Commands;
        // All maps of the largest size, on the same few bytes.
        ImmutableArray<Command> wild =
            [.. commands.Select(command => sizes.Contains(command.Code) ? command with { Parameter = ushort.MaxValue }
            : strides.Contains(command.Code) ? new(command.Code, 0, 0) : command)];
        Assert.NotEqual("completed", Try(payload, operands, wild));
        foreach (CommandCode[] some in sizes.Select(static size => (CommandCode[])[size])
            .Concat(sizes.SelectMany(a => sizes.Select(b => (CommandCode[])[a, b]))))
            Try(payload, operands,
                [.. commands.Select(command => some.Contains(command.Code) ? command with { Parameter = ushort.MaxValue } : command)]);
    }

    [Fact]
    public void Endless_streams_are_bounded_by_their_work()
    {
        AddressedFeatureMap map = TestProgram.Map(4, 4, 16, 0);
        StreamOperation[] operations = [.. Enumerable.Repeat(TestProgram.Copy(map, map), 20_000)];
        SimulationResult result =
            NpuSimulator.Run(new(TestProgram.Payload(operations), "test"), TestProgram.Memory(), new() { WorkLimit = WorkLimit });
        Assert.False(result.Completed);
        Assert.Equal(ViolationRules.TooMuchWork, result.Violations[^1].Rule);
    }

    private static string Try(DriverPayload payload, EthosUNode operands, ImmutableArray<Command> commands)
    {
        NpuMemory memory = new();
        memory.SetReadOnly(0, operands.ReadOnlyData.Data is { } data ? data.Bytes : default);
        memory.SetScratch(1, 1 << 16);
        memory.Write(1, 0, new byte[1 << 16]);
        memory.SetAlias(2, 1);
        try
        {
            NpuProgram program = new(DriverPayload.Create(payload.Config, new(payload.Config.Product, commands)), "test");
            SimulationResult result = NpuSimulator.Run(program, memory, new() { WorkLimit = WorkLimit });
            Assert.All(result.Violations, static violation => Assert.NotEqual("", violation.Description));
            Assert.True(result.Completed || !result.Violations.IsEmpty);
            return !result.Completed ? "stopped" : result.Violations.IsEmpty ? "completed" : "violations";
        }
        catch (ModelFormatException e)
        {
            Assert.NotEqual("", e.Expected);
            return "error";
        }
    }

    private static (DriverPayload, EthosUNode) Load(string archive, string prefix)
    {
        (string name, byte[] content) = EngineSuite.Archives.Contains(archive)
            ? EngineSuite.Files(archive).Single(file => file.Key == prefix)
            : CompiledSuite.Operators(archive).OrderBy(static file => file.Key, StringComparer.Ordinal)
            .First(file => file.Key.StartsWith(prefix, StringComparison.Ordinal));
        Graph graph = TfLiteReader.Read(content, name);
        EthosUNode operands = EthosUNode.Of(graph.Nodes.First(EthosUNode.Matches), name);
        return (DriverPayload.Decode(operands.Payload.Data!.Bytes.Span, name), operands);
    }

    private sealed class Outcomes
    {
        private readonly SortedDictionary<string, int> counts = new(StringComparer.Ordinal);

        public int Errors => counts.GetValueOrDefault("error");

        public int Stopped => counts.GetValueOrDefault("stopped");

        public int Violations => counts.GetValueOrDefault("violations");

        public void Add(string outcome) => counts[outcome] = counts.GetValueOrDefault(outcome) + 1;

        public override string ToString() => string.Join(", ", counts.Select(static pair => $"{pair.Value} {pair.Key}"));
    }
}
