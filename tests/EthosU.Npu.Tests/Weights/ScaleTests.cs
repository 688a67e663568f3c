using System.Text.Json;
using EthosU.Graphs;
using EthosU.Npu.Lowering;
using EthosU.Npu.Operations;
using EthosU.Npu.Weights;
using EthosU.Npu.Weights.Decoding;
using Xunit;

namespace EthosU.Npu.Tests.Weights;

public class ScaleTests
{
    private static JsonElement.ArrayEnumerator Items(string name) => WeightVectors.Index("scales.json").GetProperty(name).EnumerateArray();

    [Fact]
    public void Records_have_the_recorded_bytes()
    {
        foreach (JsonElement item in Items("records"))
        {
            var record = new ScaleRecord(item.GetProperty("bias").GetInt64(),
                new(item.GetProperty("scale").GetUInt32(), item.GetProperty("shift").GetInt32()));
            var bytes = new byte[ScaleRecord.ByteCount];
            record.Write(bytes);
            Assert.Equal(item.GetProperty("hex").GetString(), Convert.ToHexStringLower(bytes));
            ChannelScale read = ChannelScale.Read(bytes);
            Assert.Equal((record.Bias, record.Scale.Multiplier, record.Scale.Shift), (read.Bias, read.Scale.Multiplier, read.Scale.Shift));
        }
    }

    [Theory]
    [InlineData(1L << 39, 0)]
    [InlineData(-(1L << 39) - 1, 0)]
    [InlineData(0, 64)]
    [InlineData(0, -1)]
    public void Records_that_do_not_fit_are_refused(long bias, int shift) =>
        Assert.Throws<OverflowException>(() => new ScaleRecord(bias, new(1, shift)).Write(new byte[ScaleRecord.ByteCount]));

    [Fact]
    public void Scales_have_the_recorded_fixed_point_form()
    {
        int compared = 0;
        foreach (JsonElement item in Items("quantise"))
        {
            FixedPointScale own = FixedPointScale.From(item.GetProperty("scale").GetDouble()), recorded = Pair(item.GetProperty("q31"));
            // Where no pair is exact enough, the reference gives up with (0, 16); here the nearest pair is taken.
            if (recorded == new FixedPointScale(0, 16))
                continue;
            compared++;
            Assert.Equal(recorded, own);
            // A factor that rounds up to a power of two is recorded as 32767; the kernels halve it once more, and so do we.
            if (own.Shift >= 16 && own.Multiplier != 1u << 31)
                Assert.Equal(Pair(item.GetProperty("q15")), own.Reduced());
        }
        Assert.InRange(compared, 20, int.MaxValue);
    }

    /// <summary>
    /// Sums of 8- and 16-bit operands with scales of their own; of subtractions the recorded ones are not the reference's.
    /// </summary>
    [Fact]
    public void Additions_have_the_recorded_scales()
    {
        int compared = 0;
        foreach (JsonElement item in Items("elementwise"))
        {
            if (item.GetProperty("op").GetString() != "add" || item.GetProperty("explicit").ValueKind == JsonValueKind.Array
                || item.GetProperty("reversed_operands").GetBoolean()
                || item.GetProperty("activation").ValueKind != JsonValueKind.Null || Missing(item, "scale1") || Missing(item, "scale2")
                || Missing(item, "scale_out"))
                continue;
            ElementType type = item.GetProperty("ifm_bits").GetInt32() == 16 ? ElementType.Int16 : ElementType.Int8;
            (OperandScaling operands, FixedPointScale result) =
                ElementwiseLowering.SumScales(Single(item, "scale1"), Single(item, "scale2"), Single(item, "scale_out"), type);
            compared++;
            Assert.Equal((OperandScaleMode)item.GetProperty("ifm_scale_mode").GetInt32(), operands.Mode);
            Assert.Equal(new FixedPointScale(item.GetProperty("opa_scale").GetUInt32(), item.GetProperty("opa_shift").GetInt32()),
                operands.A);
            Assert.Equal(item.GetProperty("opb_scale").GetUInt32(), operands.B);
            Assert.Equal(new FixedPointScale(item.GetProperty("ofm_scale").GetUInt32(), item.GetProperty("ofm_shift").GetInt32()), result);
        }
        Assert.InRange(compared, 5, int.MaxValue);
    }

    private static bool Missing(JsonElement item, string name) => item.GetProperty(name).ValueKind == JsonValueKind.Null;

    private static float Single(JsonElement item, string name) => (float)item.GetProperty(name).GetDouble();

    private static FixedPointScale Pair(JsonElement item) =>
        new(item.GetProperty("multiplier").GetUInt32(), item.GetProperty("shift").GetInt32());

}
