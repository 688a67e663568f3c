using EthosU.Graphs;
using EthosU.Npu.Compilation;

namespace EthosU.Npu;

/// <summary>
/// Compiles quantized models for an Ethos-U: what the NPU can do becomes <c>ethos-u</c> operators, the rest stays as it is.
/// </summary>
public static class NpuCompiler
{
    /// <summary>Compiles a model. The same model and options give the same bytes.</summary>
    /// <param name="graph">A model with integer tensors; operators on real numbers stay on the CPU.</param>
    /// <param name="options">What to compile for.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="UnsupportedModelException">The model cannot be compiled, with advice.</exception>
    /// <exception cref="OperationCanceledException">The work was ended.</exception>
    public static CompileResult Compile(
        Graph graph, CompileOptions options, IProgress<CompileProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        options.Target.RequireCompiler();
        return new Compiler(graph, options, progress, cancellation).Run();
    }

    /// <summary>
    /// The curve of memory against cycles: for each point, no schedule takes less of the one without more of the other. The smallest
    /// memory first.
    /// </summary>
    /// <param name="graph">A quantized model.</param>
    /// <param name="options">What to compile for; goal and limit have no effect.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="UnsupportedModelException">The model cannot be compiled.</exception>
    public static IReadOnlyList<FrontierPoint> FindFrontier(
        Graph graph, CompileOptions options, CancellationToken cancellation = default)
    {
        options.Target.RequireCompiler();
        return new Compiler(graph, options, null, cancellation).FindFrontier();
    }
}
