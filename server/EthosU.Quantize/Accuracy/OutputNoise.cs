using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Quantize.Conversion;

namespace EthosU.Quantize.Accuracy;

/// <summary>Measures the error of a quantized graph's outputs on samples, against the float graph's.</summary>
internal sealed class OutputNoise
{
    private readonly IReadOnlyList<TensorData[]> samples;
    private readonly float[][][] wanted;

    /// <summary>Runs the float graph.</summary>
    public OutputNoise(Graph graph, IReadOnlyList<TensorData[]> samples, CancellationToken cancellation)
    {
        this.samples = samples;
        wanted = [.. new GraphInterpreter(graph).RunBatch(samples, null, cancellation)
            .Select(sample => sample.Select(value => value.ToFloatArray()).ToArray())];
    }

    /// <summary>Signal to quantization noise ratios in dB: over all samples, and over each half of them.</summary>
    public Ratio Measure(Graph quantized, CancellationToken cancellation)
    {
        TensorData[][] results =
            new GraphInterpreter(quantized)
                .RunBatch([.. samples.Select(sample => RealValues.StoreInputs(quantized, sample))], null, cancellation);
        ErrorStatistics all = new(), even = new(), odd = new();
        for (int i = 0; i < results.Length; i++)
        {
            for (int j = 0; j < results[i].Length; j++)
            {
                float[] got = RealValues.Of(quantized.Outputs[j], results[i][j]);
                all.Add(wanted[i][j], got);
                (i % 2 == 0 ? even : odd).Add(wanted[i][j], got);
            }
        }
        return new(all.Sqnr, even.Sqnr, odd.Sqnr);
    }

    /// <summary>Noise over signal, on the first samples only, on one core.</summary>
    public double Share(Graph quantized, int count, CancellationToken cancellation)
    {
        InterpreterSession session = new GraphInterpreter(quantized).CreateSession();
        ErrorStatistics statistics = new();
        for (int i = 0; i < Math.Min(count, samples.Count); i++)
        {
            session.ResetVariables();
            TensorData[] results = session.Run(RealValues.StoreInputs(quantized, samples[i]), null, cancellation);
            for (int j = 0; j < results.Length; j++)
                statistics.Add(wanted[i][j], RealValues.Of(quantized.Outputs[j], results[j]));
        }
        return Math.Pow(10, -statistics.Sqnr / 10);
    }

    /// <summary>Signal to quantization noise ratios, in dB.</summary>
    internal readonly record struct Ratio(double All, double Even, double Odd)
    {
        /// <summary>True if it is better by so much, and better in each half: a change that helps some samples alone is luck.</summary>
        public bool IsBetterThan(Ratio other, double needed) => All - other.All >= needed && Even >= other.Even && Odd >= other.Odd;
    }
}
