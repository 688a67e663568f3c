using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>The operations of the Ethos-U85: sums, kept or written, scaled, through tables, into memory or a chain (npu-u85 4).</summary>
internal sealed class EngineKernels(Execution run) : IKernels
{
    private const long Limit32 = 1L << 31, Limit48 = 1L << 47;
    private readonly ChainingBuffers chains = new(run);
    private long[] kept = [];

    /// <inheritdoc/>
    public void CheckTable(KernelOperation operation) => _ = new EngineOutput(run, operation);

    /// <inheritdoc/>
    public void Run(KernelOperation operation)
    {
        AddressedFeatureMap ofm = operation.Ofm;
        IRowSource source = Source(operation);
        AccumulatorUse use = operation.Accumulators;
        int length = checked(ofm.Width * ofm.Depth);
        if (use.Start == AccumulatorStart.Kept && kept.Length != ofm.ElementCount)
            throw new SimulationStopException(ViolationRules.KeptAccumulators,
                $"accumulators of {kept.Length} elements are kept, {ofm.ElementCount} are needed");
        if (use.IsKeptUnwritten && use.Start != AccumulatorStart.Kept)
            kept = new long[ofm.ElementCount];
        EngineOutput? output = use.IsKeptUnwritten ? null : new(run, operation);
        EngineScales? scales = use.IsKeptUnwritten ? null : new(run, operation);
        IEngineSink? sink = use.IsKeptUnwritten ? null
            : ofm.ChainBuffer is { } buffer ? chains.Open(buffer, operation) : new MapSink(run, operation);
        var sums = new long[length];
        for (int y = 0; y < ofm.Height; y++)
        {
            run.Step();
            source.Row(y, sums);
            if (use.Start == AccumulatorStart.Kept)
                Combine(operation, kept.AsSpan(y * length, length), sums);
            if (operation is WindowOperation)
                CheckRange(sums, use.IsWide ? Limit48 : Limit32);
            if (use.IsKeptUnwritten)
            {
                sums.CopyTo(kept, y * length);
                continue;
            }
            for (int i = 0; i < sums.Length; i++)
                sums[i] = output!.Finish(scales!.Apply(sums[i], i % ofm.Depth));
            sink!.Write(y, sums);
        }
        if (!use.IsKeptUnwritten)
            kept = [];
    }

    private IRowSource Source(KernelOperation operation) => operation switch
    {
        ConvolutionOperation { HasRunTimeWeights: true } convolution => new ProductRows(run, convolution),
        ConvolutionOperation convolution => FilterRows.Of(run, convolution),
        PoolingOperation { Mode: PoolingMode.None } pooling => new CopyRows(run, pooling),
        PoolingOperation pooling => new PoolingRows(run, pooling),
        ElementwiseOperation elementwise => new ElementwiseRows(run, chains, elementwise),
        ResizeOperation resize => new ResizeRows(run, resize),
        _ => throw new InvalidOperationException($"{operation.GetType().Name} is no operation of the engine"),
    };

    /// <summary>What earlier operations have left, and this one's sums.</summary>
    private static void Combine(KernelOperation operation, ReadOnlySpan<long> earlier, Span<long> sums)
    {
        PoolingMode mode = operation is PoolingOperation pooling ? pooling.Mode : PoolingMode.Sum;
        if (mode is PoolingMode.ArgMaxX or PoolingMode.ArgMaxY or PoolingMode.Average)
            throw new SimulationStopException(ViolationRules.Unsupported, "this kind of pooling cannot go on with kept accumulators");
        for (int i = 0; i < sums.Length; i++)
            sums[i] = mode switch
            {
                PoolingMode.Max => Math.Max(sums[i], earlier[i]),
                PoolingMode.Min => Math.Min(sums[i], earlier[i]),
                _ => sums[i] + earlier[i],
            };
    }

    private void CheckRange(ReadOnlySpan<long> sums, long limit)
    {
        if (run.Check && sums.ContainsAnyExceptInRange(-limit, limit - 1))
            run.Report(ViolationRules.AccumulatorOverflow, $"a sum lies outside of {-limit} to {limit - 1}");
    }
}
