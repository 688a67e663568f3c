using System.Text.Json;
using EthosU.Npu.Architectures.EthosU55;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;
using EthosU.Npu.Tests.Weights;
using EthosU.Npu.Weights;
using Xunit;

namespace EthosU.Npu.Tests.Architectures.EthosU55;

public class WeightPackerTests
{
    public static TheoryData<int> Items => [.. Enumerable.Range(0, 33)];

    [Theory]
    [MemberData(nameof(Items))]
    public void Recorded_tensors_are_packed(int id)
    {
        byte[] blob = WeightVectors.Blob("packed.bin");
        JsonElement item = WeightVectors.Index("packed.json").GetProperty("vectors")[id];
        Accelerator accelerator = Accelerator.Find(item.GetProperty("accelerator").GetString()!)!;
        string kind = item.GetProperty("kind").GetString()!, ifmType = item.GetProperty("ifm_type").GetString()!;
        WeightVolume volume = Volume(item, kind, WeightVectors.Slice(blob, item.GetProperty("weights_raw")));
        int bits = ifmType == "int16" ? 16 : 8;
        WeightTraversal traversal = kind switch
        {
            "depthwise" => WeightTraversal.Depthwise,
            "fully_connected" => WeightTraversal.DepthFirst,
            _ => WeightOrder.Choose(volume.Inputs, volume.Height * volume.Width, bits),
        };
        Assert.Equal(WeightOrderTests.Traversal(item.GetProperty("traversal").GetString()!), traversal);

        int blockDepth = item.GetProperty("ofm_block_depth").GetInt32();
        PackedWeights packed = new WeightPacker().Pack(
            accelerator, volume, Records(item, kind, ifmType, volume.Outputs), traversal, bits, blockDepth,
            item.GetProperty("dilation_y").GetInt32(), item.GetProperty("dilation_x").GetInt32(),
            [.. WeightVectors.Ints(item.GetProperty("depth_offsets"))]);

        ReadOnlySpan<byte> expected = WeightVectors.Slice(blob, item.GetProperty("packed"));
        JsonElement[] ranges = [.. item.GetProperty("ranges").EnumerateArray()];
        Assert.Equal(ranges.Length, packed.Ranges.Length);
        int position = 0;
        for (int i = 0; i < ranges.Length; i++)
        {
            WeightRange own = packed.Ranges[i];
            int Recorded(string name) => ranges[i].GetProperty(name).GetInt32();
            Assert.Equal((Recorded("slice_start"), Recorded("core"), Recorded("scale_bytes")), (own.SliceStart, own.Core, own.ScaleBytes));
            Assert.Equal(position, own.Offset);
            position += own.TotalBytes;
            if (own.ScaleBytes == 0)
                continue;
            Assert.Equal(Recorded("weight_offset"), own.WeightOffset);
            int start = Recorded("offset");
            Assert.Equal(expected.Slice(start, own.WeightOffset), packed.Bytes.AsSpan(own.Offset, own.WeightOffset));
            Assert.Equal(
                WeightVectors.Decode(expected.Slice(start + own.WeightOffset, Recorded("weight_bytes"))),
                WeightVectors.Decode(packed.Bytes.AsSpan(own.Offset + own.WeightOffset, own.WeightBytes)));
        }
        Assert.Equal(position, packed.Bytes.Length);
        if (packed.Bytes.Length == expected.Length && packed.Bytes.AsSpan().SequenceEqual(expected))
            Assert.Equal(WeightVectors.Ints(item.GetProperty("double_buffer_sizes")),
                new[] { packed.DoubleBufferBytes().Even, packed.DoubleBufferBytes().Odd });
    }

    [Fact]
    public void Buffers_hold_the_largest_slice_of_their_turn()
    {
        var volume = new WeightVolume([.. Enumerable.Range(0, 80 * 64).Select(i => (short)(i < 32 * 64 ? 0 : i * 37 % 255 - 127))], 80, 1,
            1, 64);
        PackedWeights packed =
            new WeightPacker().Pack(Accelerator.U65With512, volume, new ScaleRecord[80], WeightTraversal.DepthFirst, 8, 16, 1, 1,
            [0, 16, 32, 64, 80]);
        Assert.Equal(8, packed.Ranges.Length);
        Assert.Equal((packed.SliceBytes(32), packed.SliceBytes(64)), packed.DoubleBufferBytes());
        Assert.Equal(packed.Bytes.Length, packed.Ranges.Sum(r => r.TotalBytes));
    }

    [Fact]
    public void One_channel_uses_one_core()
    {
        PackedWeights packed =
            new WeightPacker().Pack(Accelerator.U65With512, new([1, 2, 3], 1, 1, 1, 3), new ScaleRecord[1], WeightTraversal.DepthFirst,
            8, 16, 1, 1, [0, 1]);
        Assert.Equal(0, Assert.Single(packed.Ranges).Core);
    }

    [Theory]
    [InlineData(new[] { 0, 8, 40 })]
    [InlineData(new[] { 0, 16 })]
    [InlineData(new[] { 16, 40 })]
    [InlineData(new[] { 0, 32, 16, 40 })]
    public void Wrong_depth_slices_are_refused(int[] offsets) => Assert.Throws<ArgumentException>(() =>
        new WeightPacker().Pack(Accelerator.U55With128, new(new short[40], 40, 1, 1, 1), new ScaleRecord[40], WeightTraversal.DepthFirst,
        8, 16, 1, 1, [.. offsets]));

    private static WeightVolume Volume(JsonElement item, string kind, ReadOnlySpan<byte> raw)
    {
        int[] shape = WeightVectors.Ints(item.GetProperty("shape_ohwi"));
        bool signed = item.GetProperty("weight_type").GetString() == "int8";
        long[] zeroPoints = [.. WeightVectors.Ints(item.GetProperty("weight_zero_point")).Select(z => (long)z)];
        if (kind == "depthwise")
        {
            // Recorded as [C, H, W, 1] while models hold [1, H, W, C].
            var turned = new byte[raw.Length];
            int taps = shape[1] * shape[2];
            for (int c = 0; c < shape[0]; c++)
                for (int tap = 0; tap < taps; tap++)
                    turned[tap * shape[0] + c] = raw[c * taps + tap];
            return WeightVolume.FromDepthwise(turned, signed, zeroPoints, shape[1], shape[2], shape[0]);
        }
        WeightVolume volume = WeightVolume.FromConvolution(raw, signed, zeroPoints, shape[0], shape[1], shape[2], shape[3]);
        return kind == "transpose_conv" ? volume.Rotated() : volume;
    }

    private static ScaleRecord[] Records(JsonElement item, string kind, string ifmType, int channels)
    {
        float Scale(string name) => (float)item.GetProperty(name).GetDouble();
        JsonElement bias = item.GetProperty("bias"), explicitScales = item.GetProperty("explicit");
        float[] weights = [.. item.GetProperty("scale_weights").EnumerateArray().Select(e => (float)e.GetDouble())];
        bool reduced = ifmType == "int16" && item.GetProperty("bias_type").GetString() is "int64" or null;
        bool single = ifmType == "uint8" || kind == "fully_connected";
        uint roundAway = item.GetProperty("round_away").GetBoolean() ? 1u : 0;
        var records = new ScaleRecord[channels];
        for (int c = 0; c < channels; c++)
        {
            FixedPointScale scale;
            if (explicitScales.ValueKind == JsonValueKind.Object)
            {
                int[] multipliers = WeightVectors.Ints(explicitScales.GetProperty("multiplier")),
                    shifts = WeightVectors.Ints(explicitScales.GetProperty("shift"));
                scale = new((uint)multipliers[c % multipliers.Length], shifts[c % shifts.Length]);
            }
            else
            {
                float input = Scale("scale_in"), weight = weights[weights.Length == 1 ? 0 : c];
                scale = FixedPointScale.From((single ? (double)(input * weight) : (double)input * weight) / Scale("scale_out"));
                if (reduced)
                    scale = scale.Reduced();
            }
            records[c] = new(bias.ValueKind == JsonValueKind.Array ? bias[c].GetInt64()
                : 0, scale with { Multiplier = scale.Multiplier + roundAway });
        }
        return records;
    }
}
