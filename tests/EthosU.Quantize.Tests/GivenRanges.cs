using EthosU.Graphs;
using EthosU.Quantize.Ranges;
using Xunit;

namespace EthosU.Quantize.Tests;

/// <summary>Quantization with ranges that a test gives in place of calibration.</summary>
internal static class GivenRanges
{
    public static RangeTable Table(params (string Name, float Min, float Max)[] ranges) =>
        RangeTable.Of(ranges.Select(range => KeyValuePair.Create(range.Name, new ValueRange(range.Min, range.Max))));

    public static Graph Quantized(Graph graph, params (string Name, float Min, float Max)[] ranges)
    {
        Graph result = Quantizer.Quantize(graph, Table(ranges), null, TestContext.Current.CancellationToken).Graph;
        result.Verify("quantization");
        return result;
    }
}
