using EthosU.Graphs;
using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>
/// Executes command streams: every operation in the order of the stream, with the integer results of npu-commands, and with checks of what
/// hardware would get wrong silently.
/// </summary>
public static class NpuSimulator
{
    /// <summary>Runs a program to its end, or to the first operation that cannot be executed.</summary>
    /// <param name="program">The program.</param>
    /// <param name="memory">Its memory; changed by the run.</param>
    /// <param name="options">Choices; null for the usual ones.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <returns>What the stream does wrong.</returns>
    /// <exception cref="ModelFormatException">A weight stream is damaged.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static SimulationResult Run(NpuProgram program, NpuMemory memory, SimulationOptions? options = null,
        CancellationToken cancellation = default) =>
        Run(program, memory, options ?? new(), Execute, cancellation);

    /// <summary>
    /// Checks a program without computing: waits, dependencies, alignment, the shared RAM, tables, and that nothing is read that has not
    /// been written. It takes about as long as copying the memory; only what depends on the values of weights is not seen.
    /// </summary>
    /// <param name="program">The program.</param>
    /// <param name="memory">Its memory; what is written is marked, but for transfers the bytes are not changed.</param>
    /// <param name="cancellation">Stops the check.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static SimulationResult Check(NpuProgram program, NpuMemory memory, CancellationToken cancellation = default) =>
        Run(program, memory, new(), AccessMarker.Run, cancellation);

    private static SimulationResult Run(
        NpuProgram program, NpuMemory memory, SimulationOptions options, Action<Execution, StreamOperation> execute,
        CancellationToken cancellation)
    {
        Execution run = new(program, memory, options, cancellation);
        StreamChecker? checker = options.Check ? new(run) : null;
        bool completed = false;
        try
        {
            checker?.CheckCommands();
            foreach (StreamOperation operation in program.Operations)
            {
                run.Begin(operation);
                ExtentChecker.Check(run, operation);
                checker?.Check(operation);
                execute(run, operation);
            }
            completed = true;
        }
        catch (SimulationStopException stop)
        {
            run.Report(stop.Rule, stop.Message);
        }
        return new(completed, run.Violations, run.Work);
    }

    private static void Execute(Execution run, StreamOperation operation)
    {
        if (operation is DmaOperation dma)
            DmaKernel.Run(run, dma);
        else
            run.Kernels.Run((KernelOperation)operation);
    }
}
