using EthosU.Graphs;
using EthosU.Testing;
using Xunit;

namespace EthosU.TfLite.Tests;

/// <summary>Reading and writing back every model of the test data loses nothing.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public void EveryModelSurvives()
    {
        string root = SharedData.Require("data");
        List<string> failures = [];
        int count = 0;
        foreach (string file in Directory.EnumerateFiles(root, "*.tflite", SearchOption.AllDirectories).Order())
        {
            if (Path.GetRelativePath(root, file).StartsWith("hostile", StringComparison.Ordinal))
                continue;
            count++;
            Graph first;
            try
            {
                first = TfLiteReader.Read(file);
                byte[] bytes = TfLiteWriter.Write(first);
                Graph second = TfLiteReader.Read(bytes, file);
                if (GraphListing.Write(first) != GraphListing.Write(second))
                    failures.Add($"{file}: the listing changed");
                if (!TfLiteWriter.Write(second).AsSpan().SequenceEqual(bytes))
                    failures.Add($"{file}: the bytes changed");
            }
            catch (Exception e) when (e is ModelFormatException or InvalidGraphException or UnsupportedModelException)
            {
                failures.Add($"{file}: {e.Message}");
            }
        }
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.InRange(count, 600, int.MaxValue);
    }
}
