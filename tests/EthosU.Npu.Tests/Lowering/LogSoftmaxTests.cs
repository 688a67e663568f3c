using System.Buffers.Binary;
using EthosU.Npu.Lowering;
using EthosU.Npu.Operations;
using Xunit;

namespace EthosU.Npu.Tests.Lowering;

public sealed class LogSoftmaxTests
{
    /// <summary>The largest logarithm of a sum of up to 4095 exponentials, with 5 integer bits.</summary>
    private const int LargestLogarithm = 558179452;

    /// <summary>
    /// The reference gives −128 for distances that are not above max(D − 1, threshold). Wherever that is so, the difference that the NPU
    /// rounds is below the result's range as well, so that the threshold needs no operations. The threshold grows with the logarithm; so
    /// for each distance the largest logarithm with a result above −128 is the one to look at.
    /// </summary>
    [Fact]
    public void The_references_threshold_never_decides()
    {
        for (float scale = 1.5e-8f; scale < 40; scale *= 1.0001f)
        {
            ReadOnlySpan<byte> table = Tables.LogSoftmaxDistance(scale).Bytes.Span;
            FixedPointScale factor = FixedPointScale.From(Math.Min((double)scale * (1 << 26), int.MaxValue));
            int left = 31 - factor.Shift;
            int lowest = -(int)Math.Floor(31 * (double)(1 << 26) / Math.Pow(2, left));
            FixedPointScale inverse = FixedPointScale.From((double)(1L << (31 - left)) / factor.Multiplier);
            for (int distance = -255; distance <= 0; distance++)
            {
                long scaled = BinaryPrimitives.ReadInt32LittleEndian(table[(4 * (distance + 255))..]);
                // round((scaled − logarithm) / 2²²) + 127 is above −128.
                long largest = Math.Min(LargestLogarithm, scaled + (255L << 22) + (1 << 21));
                if (largest < 0)
                    continue;
                Assert.True(distance >= lowest, $"{scale}: {distance}");
                int threshold = FixedPoint.Scale(unchecked((int)largest - int.MinValue), inverse);
                Assert.True(distance > threshold, $"{scale}: {distance}, {threshold}");
            }
        }
    }
}
