using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>Writes an output to memory, its axes in the order of storage (npu-u85 5.3).</summary>
internal sealed class MapSink(Execution run, KernelOperation operation) : IEngineSink
{
    private readonly AddressedFeatureMap stored = operation.StoredOfm!;
    private readonly MapWriter writer = new(run, operation.StoredOfm!);

    /// <inheritdoc/>
    public void Write(int y, ReadOnlySpan<long> values)
    {
        if (operation.OutputOrder.IsPlain)
        {
            writer.WriteRow(y, values);
            return;
        }
        int depth = operation.Ofm.Depth;
        for (int x = 0; x < operation.Ofm.Width; x++)
            for (int c = 0; c < depth; c++)
            {
                (int first, int second, int third) = operation.OutputOrder.Place(stored, y, x, c);
                ElementConversion.FromInt64(values.Slice((x * depth) + c, 1), stored.ElementBytes,
                    run.Write(stored.Region, stored.AddressOf(first, second, third), stored.ElementBytes, "the output"));
            }
    }
}
