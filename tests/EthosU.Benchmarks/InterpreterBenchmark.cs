using System.Diagnostics;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.TfLite;

namespace EthosU.Benchmarks;

/// <summary>Times a network on every path of the interpreter, one sample on one core, and a batch on all cores.</summary>
internal static class InterpreterBenchmark
{
    /// <summary>Runs the benchmark.</summary>
    /// <param name="modelPath">A <c>.tflite</c> file.</param>
    /// <param name="output">Where the table goes.</param>
    /// <returns>Milliseconds per sample of the fastest path on one core.</returns>
    public static double Run(string modelPath, TextWriter output)
    {
        Graph graph = TfLiteReader.Read(modelPath);
        TensorData[] sample = [.. graph.Inputs.Select((input, i) => RandomValues(input, i))];
        output.WriteLine($"{Path.GetFileName(modelPath)}, one sample, one core (best run)");
        // The fastest first, as it runs in use: what the paths share is compiled for those that ran before, and slower for others.
        Dictionary<KernelPath, double> times = [];
        foreach (KernelPath path in (KernelPath[])[KernelPath.Fastest, KernelPath.Avx2, KernelPath.Portable, KernelPath.Plain])
        {
            InterpreterSession session = new GraphInterpreter(graph, new() { Path = path }).CreateSession();
            times[path] = Best(() => session.Run(sample), path == KernelPath.Plain ? 2 : 40);
        }
        double plain = times[KernelPath.Plain], fastest = times[KernelPath.Fastest];
        foreach ((KernelPath path, double time) in times)
            output.WriteLine($"  {path,-10} {time,10:F2} ms   {plain / time,6:F1} x plain");
        GraphInterpreter interpreter = new(graph);
        TensorData[][] batch = [.. Enumerable.Repeat(sample, 32)];
        double perSample = Best(() => interpreter.RunBatch(batch), 4) / batch.Length;
        output.WriteLine(
            $"  batch of {batch.Length} on {Environment.ProcessorCount} cores: {perSample:F2} ms per sample, {fastest / perSample:F2} x "
                + $"one core");
        return fastest;
    }

    /// <summary>Times each operator of a network on the fastest path: the best of several runs, summed per kind, slowest first.</summary>
    public static void RunByOperator(string modelPath, TextWriter output)
    {
        Graph graph = TfLiteReader.Read(modelPath);
        InterpreterSession session = new GraphInterpreter(graph).CreateSession();
        TensorData[] sample = [.. graph.Inputs.Select((input, i) => RandomValues(input, i))];
        Dictionary<Tensor, double> best = [];
        for (int run = 0; run < 60; run++)
        {
            long start = Stopwatch.GetTimestamp();
            session.Run(sample, (tensor, _) =>
            {
                best[tensor] = Math.Min(best.GetValueOrDefault(tensor, double.MaxValue), Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                start = Stopwatch.GetTimestamp();
            });
        }
        foreach (var kind in best.GroupBy(entry => graph.Producer(entry.Key)!.Operator.Name)
            .OrderByDescending(kind => kind.Sum(entry => entry.Value)))
            output.WriteLine($"  {kind.Key,-24} {kind.Sum(entry => entry.Value),8:F3} ms");
    }

    private static TensorData RandomValues(Tensor input, int seed)
    {
        var bytes = new byte[input.Type.ByteCount(input.Shape.ElementCount)];
        if (input.Type == ElementType.Float32)
            return TensorData.From<float>(input.Shape, [.. Enumerable.Range(0, bytes.Length / 4).Select(i => MathF.Sin(i + seed))]);
        new Random(seed).NextBytes(bytes);
        return new(input.Type, input.Shape, bytes);
    }

    private static double Best(Action action, int runs)
    {
        const double LeastMilliseconds = 1500; // code is compiled again, faster, while it runs
        double best = double.MaxValue;
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < runs || Stopwatch.GetElapsedTime(begin).TotalMilliseconds < LeastMilliseconds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return best;
    }
}
