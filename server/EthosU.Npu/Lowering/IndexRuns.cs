using EthosU.Npu.Indices;
using EthosU.Npu.Lowering.Views;

namespace EthosU.Npu.Lowering;

/// <summary>Runs of indices as strided parts of what is read and what is written.</summary>
internal static class IndexRuns
{
    /// <summary>
    /// What the run reads of the source and where it writes it; the entry <paramref name="first"/> of the list is the target's first one.
    /// A run that goes backwards reads forwards and writes backwards.
    /// </summary>
    public static (View From, View To) Of(this IndexRun run, View source, int axis, View target, int first = 0)
    {
        View to = target.Slice(axis, run.Start - first, run.Count, run.Step);
        return run.FromStep > 0 || run.Count == 1
            ? (source.Slice(axis, run.From, run.Count, Math.Max(1, run.FromStep)), to)
            : (source.Slice(axis, run.From + ((run.Count - 1) * run.FromStep), run.Count, -run.FromStep), to.Reverse(axis));
    }
}
