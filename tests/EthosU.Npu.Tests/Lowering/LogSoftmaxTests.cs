using System.Buffers.Binary;
using EthosU.Arithmetic;
using EthosU.Npu.Lowering;
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
            SoftmaxDistances distances = new(scale);
            Multiplier inverse = distances.Inverse;
            for (int distance = -255; distance <= 0; distance++)
            {
                long scaled = BinaryPrimitives.ReadInt32LittleEndian(table[(4 * (distance + 255))..]);
                // round((scaled − logarithm) / 2²²) + 127 is above −128.
                long largest = Math.Min(LargestLogarithm, scaled + (255L << 22) + (1 << 21));
                if (largest < 0)
                    continue;
                Assert.True(distance >= distances.Least, $"{scale}: {distance}");
                int threshold = inverse.Apply(unchecked((int)largest - int.MinValue));
                Assert.True(distance > threshold, $"{scale}: {distance}, {threshold}");
            }
        }
    }
}
