using System.Diagnostics;
using EthosU.Graphs;
using EthosU.Testing;
using EthosU.TfLite;

namespace EthosU.Benchmarks;

/// <summary>The interpreter beside native TensorFlow Lite and LiteRT, one sample on one core, in one run.</summary>
internal static class RuntimeBenchmark
{
    private const int Runs = 40;

    public static void Run(string modelPath, TextWriter output)
    {
        double ours = InterpreterBenchmark.Run(modelPath, output);
        TensorData[] sample =
            [.. TfLiteReader.Read(modelPath).Inputs
            .Select(static input => new TensorData(input.Type, input.Shape, new byte[input.Type.ByteCount(input.Shape.ElementCount)]))];
        if (NativeTfLite.Exists)
        {
            using NativeTfLiteSession session = NativeTfLite.Load(File.ReadAllBytes(modelPath));
            session.Run(sample);
            double best = double.PositiveInfinity;
            for (int i = 0; i < Runs; i++)
            {
                long start = Stopwatch.GetTimestamp();
                session.Invoke();
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            Report(output, TfLiteRuntimes.Native, best, ours);
        }
        if (Directory.Exists(Path.Combine(SharedData.RepositoryRoot, "node_modules", "@litertjs", "core")))
            Report(output, TfLiteRuntimes.LiteRt, LiteRtProcess.Shared.Time(modelPath, sample, Runs).Min(), ours);
    }

    private static void Report(TextWriter output, string runtime, double milliseconds, double ours) =>
        output.WriteLine(FormattableString.Invariant($"  {runtime}: {milliseconds:F2} ms; ours takes {ours / milliseconds:F2} x as long"));
}
