using System.Text.Json;
using EthosU.Npu.Weights;
using Xunit;

namespace EthosU.Npu.Tests.Weights;

public class WeightStreamEncoderTests
{
    [Fact]
    public void Streams_decode_to_the_weights_and_are_in_total_not_longer_than_recorded()
    {
        byte[] blob = WeightVectors.Blob("decode_weights.bin");
        long own = 0, vela310 = 0, vela5 = 0, prototype = 0;
        foreach (JsonElement item in WeightVectors.Index("decode.json").GetProperty("vectors").EnumerateArray())
        {
            short[] weights = WeightVectors.Shorts(blob, item.GetProperty("weights"));
            byte[] stream = WeightStreamEncoder.Encode(weights);
            Assert.Equal(0, stream.Length % 16);
            Assert.Equal(weights, WeightVectors.Decode(stream));
            if (!item.TryGetProperty("size_vela310", out JsonElement size))
                continue;
            own += stream.Length;
            vela310 += size.GetInt32();
            vela5 += item.GetProperty("size_vela5").GetInt32();
            prototype += item.GetProperty("size_prototype").GetInt32();
        }
        Assert.True(own <= Math.Min(vela310, Math.Min(vela5, prototype)), $"{own} bytes; recorded {vela310}, {vela5}, {prototype}");
    }

    [Fact]
    public void Ordered_weights_are_in_total_not_longer_than_recorded()
    {
        byte[] blob = WeightVectors.Blob("reorder_linear.bin");
        long own = 0, vela310 = 0, vela5 = 0, prototype = 0;
        foreach (JsonElement item in WeightVectors.Index("reorder.json").GetProperty("vectors").EnumerateArray())
        {
            short[] weights = WeightVectors.Shorts(blob, item.GetProperty("linear"));
            byte[] stream = WeightStreamEncoder.Encode(weights);
            Assert.Equal(weights, WeightVectors.Decode(stream));
            own += stream.Length;
            vela310 += item.GetProperty("size_vela310").GetInt32();
            vela5 += item.GetProperty("size_vela5").GetInt32();
            prototype += item.GetProperty("size_prototype").GetInt32();
        }
        Assert.True(own <= Math.Min(vela310, Math.Min(vela5, prototype)), $"{own} bytes; recorded {vela310}, {vela5}, {prototype}");
    }

    [Fact]
    public void The_worked_example_is_reached()
    {
        byte[] stream = WeightStreamEncoder.Encode([5, 0, 0, 0, 0, 0, 0, 0, -2, 0, 0, 0, 0, 5, 0, 0]);
        Assert.Equal(16, stream.Length);
    }

    [Fact]
    public void No_weights_are_no_stream() => Assert.Empty(WeightStreamEncoder.Encode([]));

    [Theory]
    [InlineData(256)]
    [InlineData(-256)]
    [InlineData(short.MinValue)]
    public void Weights_out_of_range_are_refused(int weight) =>
        Assert.Throws<ArgumentException>(() => WeightStreamEncoder.Encode([1, (short)weight]));

    public static TheoryData<int, int, int> RandomCases()
    {
        var cases = new TheoryData<int, int, int>();
        foreach (int length in new[] { 1, 2, 7, 8, 9, 63, 64, 65, 500, 1025, 5000, 40000, 140000 })
            foreach (int spread in new[] { 0, 1, 3, 20, 255 })
                foreach (int zeroPercent in new[] { 0, 40, 95 })
                    cases.Add(length, spread, zeroPercent);
        return cases;
    }

    [Theory]
    [MemberData(nameof(RandomCases))]
    public void Random_weights_come_back(int length, int spread, int zeroPercent)
    {
        var random = new Random(length * 1000 + spread * 7 + zeroPercent);
        var weights = new short[length];
        int local = spread;
        for (int i = 0; i < length; i++)
        {
            if (random.Next(1000) == 0)
                local = random.Next(spread + 1);
            weights[i] = random.Next(100) < zeroPercent ? (short)0 : (short)random.Next(-local, local + 1);
        }
        Assert.Equal(weights, WeightVectors.Decode(WeightStreamEncoder.Encode(weights)));
    }

    [Fact]
    public void A_very_long_run_of_zeros_is_short()
    {
        var weights = new short[300000];
        weights[150000] = -255;
        byte[] stream = WeightStreamEncoder.Encode(weights);
        Assert.Equal(weights, WeightVectors.Decode(stream));
        Assert.True(stream.Length < 5000, $"{stream.Length} bytes");
    }

    [Fact]
    public void Encoding_can_be_ended() => Assert.Throws<OperationCanceledException>(() =>
        WeightStreamEncoder.Encode(new short[1000], new CancellationToken(canceled: true)));
}
