using System.Collections.Concurrent;
using EthosU.Pipeline.Converting;
using EthosU.Quantize;
using EthosU.Quantize.Data;
using EthosU.Testing;
using Xunit;

namespace EthosU.Pipeline.Tests;

/// <summary>The networks of the zoo, each converted once.</summary>
public sealed class ConvertedZoo : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ConcurrentDictionary<(string, Precision), Lazy<string>> files = [];

    /// <summary>The converted file of a network; the running test is skipped where the network is missing.</summary>
    public string Get(string name, Precision precision)
    {
        string model = ZooModel.Require(name), data = ZooModel.Calibration;
        return files.GetOrAdd((name, precision),
            _ => new(() => Convert(model, data, folder.File($"{name}_{precision}.tflite"), precision))).Value;
    }

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    private static string Convert(string model, string data, string output, Precision precision)
    {
        ConvertJob.Run(new ConvertOptions
        {
            ModelPath = model,
            OutputPath = output,
            Calibration = new() { Path = data, Samples = 16, Preprocessing = Preprocessing.Parse("1/255", null, null) },
            Quantization = new() { Precision = precision },
        }, null, TestContext.Current.CancellationToken);
        return output;
    }
}
