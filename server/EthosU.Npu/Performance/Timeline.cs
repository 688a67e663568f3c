using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Performance;

/// <summary>
/// Kernels and transfers beside each other, as the queues of the command processor allow it (npu-commands 8.2): commands start in order,
/// only so many are under way at once, and both share the memory's rate.
/// </summary>
/// <param name="target">What the stream was made for.</param>
internal sealed class Timeline(Target target)
{
    private readonly List<double> kernelEnds = [];
    private readonly List<Transfer> transfers = [];
    private readonly double[] kernelLoad = new double[4]; // share of each memory's time that the current kernel takes
    private double issue, transferTime, kernelStart, kernelEnd;
    private int done; // transfers that have ended

    /// <summary>Adds a transfer.</summary>
    /// <param name="operation">Its waits.</param>
    /// <param name="source">The memory that it reads.</param>
    /// <param name="cycles">What it takes by itself.</param>
    public void Add(DmaOperation operation, MemoryKind source, long cycles)
    {
        if (operation.KernelWait is { } wait && kernelEnds.Count > wait)
            issue = Math.Max(issue, kernelEnds[^(wait + 1)]);
        int most = target.Accelerator.MaxOutstandingDma;
        if (transfers.Count >= most)
            issue = Math.Max(issue, Finish(transfers.Count - most));
        transfers.Add(new(source, issue, cycles));
    }

    /// <summary>Adds a kernel.</summary>
    /// <param name="operation">Its waits.</param>
    /// <param name="cycles">What it takes by itself.</param>
    /// <param name="access">Cycles of each memory.</param>
    /// <returns>By how many cycles the whole has become longer.</returns>
    public double Add(KernelOperation operation, long cycles, ReadOnlySpan<long> access)
    {
        if (operation.DmaWait is { } wait && transfers.Count > wait)
            issue = Math.Max(issue, Finish(transfers.Count - 1 - wait));
        if (kernelEnds.Count >= Accelerator.MaxOutstandingKernels)
            issue = Math.Max(issue, kernelEnds[^Accelerator.MaxOutstandingKernels]);
        double start = Math.Max(issue, kernelEnd), before = kernelEnd;
        Advance(start);
        (kernelStart, kernelEnd) = (start, start + cycles);
        for (int i = 0; i < kernelLoad.Length; i++)
            kernelLoad[i] = cycles == 0 ? 0 : Math.Min(1, access[i] / (double)cycles);
        kernelEnds.Add(kernelEnd);
        return kernelEnd - before;
    }

    private double Finish(int transfer)
    {
        Advance(double.PositiveInfinity, transfer);
        return transfers[transfer].End;
    }

    /// <summary>Lets the transfers run up to a time, or until one is done.</summary>
    private void Advance(double until, int last = int.MaxValue)
    {
        for (int i = done; i < transfers.Count && i <= last; i++)
        {
            Transfer transfer = transfers[i];
            transferTime = Math.Max(transferTime, transfer.Issued);
            while (transfer.Left > 0 && transferTime < until)
            {
                bool isBeside = transferTime >= kernelStart && transferTime < kernelEnd;
                double rate = isBeside ? 1 - kernelLoad[(int)transfer.Source] : 1;
                double end = Math.Min(until, isBeside ? kernelEnd : transferTime < kernelStart ? kernelStart : double.PositiveInfinity);
                double need = rate <= 0 ? double.PositiveInfinity : transfer.Left / rate;
                if (transferTime + need <= end)
                    (transferTime, transfer.Left) = (transferTime + need, 0);
                else
                    (transfer.Left, transferTime) = (transfer.Left - ((end - transferTime) * rate), end);
            }
            if (transfer.Left > 0)
                return;
            transfer.End = Math.Max(transferTime, transfer.Issued);
            done = i + 1;
        }
    }

    private sealed class Transfer(MemoryKind source, double issued, double cycles)
    {
        public MemoryKind Source => source;

        public double Issued => issued;

        public double Left { get; set; } = cycles;

        public double End { get; set; }
    }
}
