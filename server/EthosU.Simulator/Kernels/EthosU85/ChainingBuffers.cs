using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>What operations of a chain hand to each other (npu-u85 5.4).</summary>
internal sealed class ChainingBuffers(Execution run)
{
    private readonly Dictionary<int, (AddressedFeatureMap Map, long[] Values)> buffers = [];

    /// <summary>Begins a buffer that an operation fills.</summary>
    public IEngineSink Open(int buffer, KernelOperation operation)
    {
        run.Charge(operation.Ofm.ElementCount);
        var values = new long[operation.Ofm.ElementCount];
        buffers[buffer] = (operation.Ofm, values);
        return new Sink(values, operation.Ofm);
    }

    /// <summary>The stored numbers of a buffer.</summary>
    public long[] Read(AddressedFeatureMap map)
    {
        if (!buffers.TryGetValue(map.ChainBuffer!.Value, out (AddressedFeatureMap Map, long[] Values) found))
            throw new SimulationStopException(ViolationRules.Chain,
                $"chaining buffer {map.ChainBuffer} is read, but nothing has filled it");
        if (found.Values.Length != map.ElementCount || found.Map.ElementBytes != map.ElementBytes)
            throw new SimulationStopException(ViolationRules.Chain,
                $"chaining buffer {map.ChainBuffer} is read in another shape or type than it was filled in");
        return found.Values;
    }

    private sealed class Sink(long[] target, AddressedFeatureMap map) : IEngineSink
    {
        public void Write(int y, ReadOnlySpan<long> values)
        {
            Span<long> row = target.AsSpan(y * values.Length, values.Length);
            for (int i = 0; i < row.Length; i++)
                row[i] = unchecked(map.ElementBytes switch
                {
                    1 => map.IsSigned ? (sbyte)values[i] : (byte)values[i],
                    2 => map.IsSigned ? (short)values[i] : (ushort)values[i],
                    4 => map.IsSigned ? (int)values[i] : (uint)values[i],
                    _ => values[i],
                });
        }
    }
}
