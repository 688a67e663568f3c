using System.Text.Json.Nodes;
using EthosU.Graphs;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;
using EthosU.Npu.Weights.Decoding;
using Xunit;

namespace EthosU.Npu.Tests.Decoding;

public sealed class DecodingTests
{
    [Fact]
    public void Every_recorded_stream_decodes_to_its_weights()
    {
        JsonNode index = Vectors.Load("decode");
        byte[] weights = Vectors.Content("decode_weights.bin"), streams = Vectors.Content("decode_streams.bin");
        JsonArray items = index["vectors"]!.AsArray();
        Assert.Equal(131, items.Count);
        foreach (JsonNode? item in items)
        {
            short[] expected = Vectors.Shorts(weights, item!["weights"]!);
            short[] decoded =
                WeightDecoder.Decode(Vectors.Part(streams, item["stream"]!), expected.Length, "weights", (string)item["name"]!);
            Assert.True(decoded.AsSpan().SequenceEqual(expected), (string)item["name"]!);
        }
    }

    [Fact]
    public void Every_recorded_order_is_undone()
    {
        JsonNode index = Vectors.Load("reorder");
        byte[] volumes = Vectors.Content("reorder_volumes.bin"), streams = Vectors.Content("reorder_streams.bin");
        JsonArray items = index["vectors"]!.AsArray();
        Assert.Equal(82, items.Count);
        foreach (JsonNode? item in items)
        {
            int[] shape = [.. item!["shape_ohwi"]!.AsArray().Select(static size => (int)size!)];
            string mode = (string)item["mode"]!;
            WeightGeometry geometry = new()
            {
                OfmDepth = shape[0],
                KernelHeight = shape[1],
                KernelWidth = shape[2],
                IfmDepth = shape[3],
                BlockDepth = (int)item["ofm_block_depth"]!,
                MicroBlockDepth = (int)item["ofm_ublock_depth"]!,
                IfmBits = (int)item["ifm_bits"]!,
                DilationX = (int)item["dilation_x"]!,
                DilationY = (int)item["dilation_y"]!,
                IsDepthwise = mode == "depthwise",
                Order = mode == "part_kernel_first" ? KernelWeightOrder.PartKernelFirst : KernelWeightOrder.DepthFirst,
            };
            Assert.Equal((long)item["padded_length"]!, WeightStreamOrder.Length(geometry));
            short[] volume = WeightReader.Read(Vectors.Part(streams, item["stream"]!), geometry, "weights", $"item {item["id"]}");
            Assert.True(volume.AsSpan().SequenceEqual(Vectors.Shorts(volumes, item["volume"]!)), $"item {item["id"]}");
        }
    }

    [Fact]
    public void Every_packed_tensor_holds_its_weights_and_biases()
    {
        JsonNode index = Vectors.Load("packed");
        byte[] file = Vectors.Content((string)index["file"]!);
        JsonArray items = index["vectors"]!.AsArray();
        Assert.Equal(33, items.Count);
        foreach (JsonNode? item in items)
            foreach (JsonNode? range in item!["ranges"]!.AsArray())
                CheckPart(item, range!, file);
    }

    [Fact]
    public void Every_scale_record_is_read()
    {
        JsonArray items = Vectors.Load("scales")["records"]!.AsArray();
        Assert.Equal(36, items.Count);
        foreach (JsonNode? item in items)
            Assert.Equal(new ChannelScale((long)item!["bias"]!, new((uint)(long)item["scale"]!, (int)item["shift"]!)),
                ChannelScale.Read(Convert.FromHexString((string)item["hex"]!)));
    }

    [Fact]
    public void Damaged_streams_give_errors_or_weights_and_never_more_than_asked_for()
    {
        JsonNode index = Vectors.Load("decode");
        byte[] streams = Vectors.Content("decode_streams.bin");
        int errors = 0, tries = 0;
        foreach (JsonNode? item in index["vectors"]!.AsArray().Where(static item => (int)item!["stream"]!["length"]! < 2000))
        {
            byte[] stream = Vectors.Part(streams, item!["stream"]!).ToArray();
            int count = (int)item["count"]!;
            for (int bit = 0; bit < stream.Length * 8; bit += 7)
            {
                stream[bit / 8] ^= (byte)(1 << bit % 8);
                errors += Fails(stream, count) ? 1 : 0;
                stream[bit / 8] ^= (byte)(1 << bit % 8);
                tries++;
            }
            for (int length = 0; length < Math.Min(stream.Length, 64); length++)
                Fails(stream.AsSpan(0, length), count);
        }
        Assert.InRange(errors, tries / 10, tries);
    }

    [Fact]
    public void Stream_of_the_wrong_length_is_refused()
    {
        WeightGeometry geometry =
            new() { OfmDepth = 8, KernelHeight = 1, KernelWidth = 1, IfmDepth = 8, BlockDepth = 8, MicroBlockDepth = 8, IfmBits =
            8, DilationX = 1, DilationY = 1 };
        byte[] nothing = [.. Enumerable.Repeat((byte)0xFF, 16)];
        ModelFormatException e =
            Assert.Throws<ModelFormatException>(() => WeightReader.Read(nothing, geometry, "weights of core 0", "model"));
        Assert.Contains("holds 0 weights, 256 are needed", e.Message, StringComparison.Ordinal);
    }

    private static bool Fails(ReadOnlySpan<byte> stream, int limit)
    {
        try
        {
            Assert.InRange(WeightDecoder.Decode(stream, limit, "weights", "model").Length, 0, limit);
            return false;
        }
        catch (ModelFormatException)
        {
            return true;
        }
    }

    private static void CheckPart(JsonNode item, JsonNode range, byte[] file)
    {
        int[] shape = [.. item["shape_ohwi"]!.AsArray().Select(static size => (int)size!)];
        int[] slices = [.. item["depth_offsets"]!.AsArray().Select(static offset => (int)offset!)];
        Accelerator accelerator = Accelerator.Find((string)item["accelerator"]!)!;
        int core = (int)range["core"]!, start = (int)range["slice_start"]!, weightBytes = (int)range["weight_bytes"]!;
        int length = slices[Array.IndexOf(slices, start) + 1] - start,
            channels = (length + accelerator.Cores - 1 - core) / accelerator.Cores;
        if (channels == 0)
            return;
        ReadOnlySpan<byte> packed = Vectors.Part(file, item["packed"]!)[(int)range["offset"]!..];
        string name = $"{item["name"]}, slice {start}, core {core}", traversal = (string)item["traversal"]!;
        bool depthwise = traversal == "depthwise";
        WeightGeometry geometry = new()
        {
            OfmDepth = channels,
            KernelHeight = shape[1],
            KernelWidth = shape[2],
            IfmDepth = depthwise ? 1 : shape[3],
            BlockDepth = ((int)item["ofm_block_depth"]! + accelerator.Cores - 1 - core) / accelerator.Cores,
            MicroBlockDepth = accelerator.OfmMicroBlock.Depth,
            IfmBits = (string)item["ifm_type"]! == "int16" ? 16 : 8,
            DilationX = (int)item["dilation_x"]!,
            DilationY = (int)item["dilation_y"]!,
            IsDepthwise = depthwise,
            Order = traversal == "part_kernel_first" ? KernelWeightOrder.PartKernelFirst : KernelWeightOrder.DepthFirst,
        };
        short[] weights = WeightReader.Read(packed.Slice((int)range["weight_offset"]!, weightBytes), geometry, "weights", name);
        int perChannel = weights.Length / channels;
        for (int i = 0; i < weights.Length; i++)
        {
            int channel = start + core + i / perChannel * accelerator.Cores;
            if (weights[i] != Expected(item, file, shape, channel, i % perChannel))
                Assert.Fail($"{name}: weight {i} is {weights[i]}, not {Expected(item, file, shape, channel, i % perChannel)}");
        }
        JsonArray biases = item["bias"]!.AsArray();
        for (int i = 0; i < channels; i++)
            Assert.Equal((long)biases[start + core + i * accelerator.Cores]!, ChannelScale.Read(packed[(i * ChannelScale.Size)..]).Bias);
    }

    private static int Expected(JsonNode item, byte[] file, int[] shape, int channel, int tap)
    {
        ReadOnlySpan<byte> raw = Vectors.Part(file, item["weights_raw"]!);
        int perChannel = shape[1] * shape[2] * shape[3], place = tap;
        if (((string)item["kind"]!).StartsWith("transpose", StringComparison.Ordinal))
            place = (shape[1] * shape[2] - 1 - tap / shape[3]) * shape[3] + tap % shape[3];
        byte value = raw[channel * perChannel + place];
        JsonArray zeroPoints = item["weight_zero_point"]!.AsArray();
        return ((string)item["weight_type"]! == "int8" ? (sbyte)value : value) - (int)zeroPoints[zeroPoints.Count == 1 ? 0 : channel]!;
    }
}
