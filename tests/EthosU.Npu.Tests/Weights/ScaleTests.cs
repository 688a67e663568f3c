using System.Globalization;
using System.Text.Json;
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
            var record = new ScaleRecord(item.GetProperty("bias").GetInt64(), new(item.GetProperty("scale").GetUInt32(), item.GetProperty("shift").GetInt32()));
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
    public void Scales_are_quantized()
    {
        foreach (JsonElement item in Items("quantise"))
        {
            double scale = item.GetProperty("scale").GetDouble();
            Assert.Equal(Pair(item.GetProperty("q31")), QuantizedScale.From(scale));
            Assert.Equal(Pair(item.GetProperty("q15")), QuantizedScale.FromReduced(scale));
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1.0)]
    public void What_is_no_scale_is_refused(double scale) => Assert.Throws<ArgumentOutOfRangeException>(() => QuantizedScale.From(scale));

    [Fact]
    public void Convolution_scales_are_quantized()
    {
        foreach (JsonElement item in Items("convolution"))
        {
            bool single = item.GetProperty("fully_connected").GetBoolean() || item.GetProperty("ifm_type").GetString() == "uint8";
            double scale = ConvolutionScales.Effective(Single(item, "scale_in"), Single(item, "scale_weight"), Single(item, "scale_out"), single);
            Assert.Equal(item.GetProperty("effective").GetDouble(), scale);
            Assert.Equal(List(item.GetProperty("q31")), ConvolutionScales.Quantize(scale, reduced: false));
            Assert.Equal(List(item.GetProperty("q15")), ConvolutionScales.Quantize(scale, reduced: true));
        }
    }

    [Fact]
    public void Reciprocals_are_those_recorded()
    {
        foreach (JsonElement row in WeightVectors.Index("scales.json").GetProperty("pool_helper").GetProperty("rows").EnumerateArray())
        {
            (Int128 multiplier, int shift) = PoolingScales.Reciprocal(row[0].GetInt32(), row[1].GetInt32());
            Assert.Equal((row[2].GetInt64().ToString(CultureInfo.InvariantCulture), row[3].GetInt32()), (multiplier.ToString(CultureInfo.InvariantCulture), shift));
        }
    }

    [Fact]
    public void Pooling_scales_are_those_recorded()
    {
        foreach (JsonElement item in Items("pooling_ofm_scale"))
        {
            int count = item.GetProperty("kernel_h").GetInt32() * item.GetProperty("kernel_w").GetInt32();
            string? activation = item.GetProperty("activation").GetString();
            QuantizedScale? scale = item switch
            {
                _ when activation is "tanh" or "sigmoid" => item.GetProperty("ifm_bits").GetInt32() == 16
                    ? PoolingScales.Function16(Single(item, "scale_in"), activation == "tanh")
                    : PoolingScales.Function8(count, Single(item, "scale_in")),
                _ when item.GetProperty("fused_quantize").GetBoolean() => PoolingScales.Requantize(Single(item, "scale_in"), Single(item, "scale_out")),
                _ when item.GetProperty("explicit").ValueKind == JsonValueKind.Array => null,
                _ when item.GetProperty("scale_in").ValueKind == JsonValueKind.Null || item.GetProperty("scale_out").ValueKind == JsonValueKind.Null => null,
                _ => PoolingScales.Average(count, Single(item, "scale_in"), Single(item, "scale_out")),
            };
            if (scale is { } value && count > 1 && activation is null && Single(item, "scale_in") > 2 * Single(item, "scale_out"))
                Assert.Equal((double)(Single(item, "scale_in") / Single(item, "scale_out")) / count, value.Multiplier / Math.Pow(2, value.Shift), 1e-8);
            else if (scale is { } recorded)
                Assert.Equal(new(item.GetProperty("ofm_scale").GetUInt32(), item.GetProperty("ofm_shift").GetInt32()), recorded);
        }
    }

    [Fact]
    public void Elementwise_scales_are_those_recorded()
    {
        foreach (JsonElement item in Items("elementwise"))
        {
            string op = item.GetProperty("op").GetString()!;
            var expected = new QuantizedScale(item.GetProperty("ofm_scale").GetUInt32(), item.GetProperty("ofm_shift").GetInt32());
            JsonElement fixedScale = item.GetProperty("explicit");
            bool hasFixed = fixedScale.ValueKind == JsonValueKind.Array;
            bool missing = Missing(item, "scale1") || Missing(item, "scale2") || Missing(item, "scale_out");
            string? activation = item.GetProperty("activation").GetString();
            if (op is "add" or "sub")
            {
                AdditionScales own = hasFixed ? AdditionScales.Explicit(List(fixedScale))
                    : missing ? AdditionScales.One
                    : AdditionScales.Rescale(
                        Single(item, "scale1"), Single(item, "scale2"), activation is null ? Single(item, "scale_out") : 1.0 / 0x3000,
                        item.GetProperty("ifm_bits").GetInt32(), item.GetProperty("reversed_operands").GetBoolean());
                Assert.Equal(expected, own.Output);
                Assert.Equal((OperandScaling)item.GetProperty("ifm_scale_mode").GetInt32(), own.Scaling);
                Assert.Equal(new(item.GetProperty("opa_scale").GetUInt32(), item.GetProperty("opa_shift").GetInt32()), own.First);
                Assert.Equal(item.GetProperty("opb_scale").GetUInt32(), own.Second);
            }
            else if (op == "mul" && !hasFixed && !missing)
                Assert.Equal(expected, activation is null
                    ? MultiplicationScales.Rescale(Single(item, "scale1"), Single(item, "scale2"), Single(item, "scale_out"))
                    : MultiplicationScales.BeforeFunction(Single(item, "scale1"), Single(item, "scale2")));
            else if (op is "abs" or "leaky_relu")
                Assert.Equal(expected, QuantizedScale.From(Single(item, "scale_out")));
        }
    }

    private static bool Missing(JsonElement item, string name) => item.GetProperty(name).ValueKind == JsonValueKind.Null;

    private static float Single(JsonElement item, string name) => (float)item.GetProperty(name).GetDouble();

    private static QuantizedScale Pair(JsonElement item) => new(item.GetProperty("multiplier").GetUInt32(), item.GetProperty("shift").GetInt32());

    private static QuantizedScale List(JsonElement item) => new(item[0].GetUInt32(), item[1].GetInt32());
}
