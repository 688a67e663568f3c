using EthosU.Files;
using EthosU.Graphs;
using EthosU.Npu;
using EthosU.Npu.Targets;
using EthosU.Pipeline.Formats;

namespace EthosU.Pipeline.Compiling;

/// <summary>Finds the curve of memory against cycles of a model; nothing is written.</summary>
public static class FrontierJob
{
    /// <summary>The most points that are shown.</summary>
    private const int MostPoints = 16;

    /// <summary>
    /// Finds the curve. Each point is compiled with its limit, so that its figures are those of <c>compile --arena-cache-size</c>; goal and
    /// limit of the options have no effect.
    /// </summary>
    /// <param name="options">Choices.</param>
    /// <param name="progress">Told each step.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="ModelFormatException">The model, the data or a configuration are damaged, or do not fit together.</exception>
    /// <exception cref="UnsupportedModelException">The model cannot be compiled, or the target is not possible.</exception>
    /// <exception cref="FileNotFoundException">A file that the options name does not exist.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static FrontierReport Run(CompileJobOptions options, IProgress<JobProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        InputFile.Require(options.ModelPath, ModelFormats.AnyModel);
        Target unlimited = Limited(options, options.Target.Resolve().Accelerator.AddressLimit);
        options = options with { Goal = OptimisationGoal.Performance };
        (Graph graph, _, _) = CompileJob.Load(options, progress, cancellation);
        List<long> limits = Thinned([.. NpuCompiler.FindFrontier(graph, CompileJob.Choices(options, graph, unlimited), cancellation)
            .Select(static point => point.MemoryBytes)]);
        List<FrontierPointReport> points = [];
        for (int i = 0; i < limits.Count; i++)
        {
            progress?.Report(new("compiling", (double)i / limits.Count));
            FrontierPointReport point = Point(Compile(limits[i]), limits[i]);
            while (points.Count > 0 && points[^1].MemoryBytes >= point.MemoryBytes && points[^1].Cycles >= point.Cycles)
                points.RemoveAt(points.Count - 1);
            if (points.Count == 0 || point.Cycles < points[^1].Cycles)
                points.Add(point);
        }
        return new(options.ModelPath, unlimited.ToString(), unlimited.IsSpilling ? "fast memory" : "arena", [.. points]);

        CompileResult Compile(long limit) =>
            NpuCompiler.Compile(graph, CompileJob.Choices(options, graph, Limited(options, limit)), null, cancellation);
    }

    private static Target Limited(CompileJobOptions options, long limit) => (options.Target with { ArenaCacheSize = limit }).Resolve();

    private static FrontierPointReport Point(CompileResult result, long limit) => new(limit,
        result.Estimate.Target.IsSpilling ? result.Memory.FastBytes : result.Memory.ArenaBytes, result.Memory.SramBytes,
        result.Estimate.TotalCycles, result.Estimate.Seconds * 1000);

    /// <summary>At most so many sizes as are shown: the smallest, the largest, and between them those at about equal ratios.</summary>
    internal static List<long> Thinned(long[] sizes)
    {
        if (sizes.Length <= MostPoints)
            return [.. sizes];
        double first = Math.Log(Math.Max(1, sizes[0])), last = Math.Log(Math.Max(1, sizes[^1]));
        SortedSet<long> chosen = [];
        for (int i = 0; i < MostPoints; i++)
        {
            double wanted = first + ((last - first) * i / (MostPoints - 1));
            chosen.Add(sizes.MinBy(size => Math.Abs(Math.Log(Math.Max(1, size)) - wanted)));
        }
        return [.. chosen];
    }
}
