using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Simulator;

/// <summary>Operations that belong together: chains, and those that go on with kept accumulators (npu-u85 4.5 and 5.4).</summary>
internal sealed class SequenceRules
{
    private const int LargestChain = 4, LargestChainInputs = 3;
    private readonly Dictionary<int, AddressedFeatureMap> filled = [];
    private KernelOperation? previous;
    private int chained;
    private int inputs;

    /// <summary>What is wrong with the next operation.</summary>
    public IEnumerable<(string Rule, string Description)> Next(KernelOperation operation)
    {
        if (KeptProblem(operation) is { } kept)
            yield return (ViolationRules.KeptAccumulators, kept);
        if (ChainProblem(operation) is { } chain)
            yield return (ViolationRules.Chain, chain);
        previous = operation;
    }

    private string? KeptProblem(KernelOperation operation)
    {
        bool open = previous?.Accumulators.IsKeptUnwritten == true, goesOn = operation.Accumulators.Start == AccumulatorStart.Kept;
        if (!goesOn)
            return open ? "the operation before has left its accumulators, but they are not gone on with" : null;
        if (!open)
            return "it goes on with accumulators that no operation has left";
        AddressedFeatureMap mine = operation.Ofm, earlier = previous!.Ofm;
        BlockShape shape = new(mine.Height, mine.Width, mine.Depth);
        // What a block has beyond the output makes no difference.
        return shape == new BlockShape(earlier.Height, earlier.Width, earlier.Depth)
            && operation.Block.Min(shape) == previous.Block.Min(shape) && operation.MicroBlock == previous.MicroBlock
            && operation.Accumulators.IsWide == previous.Accumulators.IsWide
            ? null : "it goes on with accumulators of another shape, block or width";
    }

    private string? ChainProblem(KernelOperation operation)
    {
        AddressedFeatureMap[] read = [.. new[] { operation.Ifm, operation.Ifm2 }.OfType<AddressedFeatureMap>()
            .Where(static map => map.ChainBuffer is not null)];
        bool fills = operation.Ofm.ChainBuffer is not null, goesOn = previous?.Ofm.ChainBuffer is not null;
        if (goesOn && read.Length == 0)
            return "the operation before has filled a chaining buffer, but the chain does not go on";
        if (!goesOn)
        {
            filled.Clear();
            (chained, inputs) = (0, 0);
        }
        chained++;
        inputs += operation.ReadMaps.Count();
        string? problem = !fills && read.Length == 0 ? null : Problem(operation, read, fills);
        if (fills)
            filled[operation.Ofm.ChainBuffer!.Value] = operation.Ofm;
        return problem;
    }

    private string? Problem(KernelOperation operation, AddressedFeatureMap[] read, bool fills)
    {
        if (read.Length > 0 && operation is not ElementwiseOperation)
            return "a chaining buffer is read by an operation that is not elementwise";
        if (fills && operation is ResizeOperation or PoolingOperation { Mode: PoolingMode.None })
            return "this operation cannot begin a chain";
        if (operation.Accumulators is { Start: not AccumulatorStart.Zero } or { IsKeptUnwritten: true })
            return "an operation of a chain cannot keep accumulators";
        foreach (AddressedFeatureMap map in read)
            if (!filled.TryGetValue(map.ChainBuffer!.Value, out AddressedFeatureMap? source))
                return $"chaining buffer {map.ChainBuffer} is read, but no operation of the chain has filled it";
            else if (source.ElementBytes != map.ElementBytes
                || (source.Height, source.Width, source.Depth) != (operation.Ofm.Height, operation.Ofm.Width, operation.Ofm.Depth))
                return $"chaining buffer {map.ChainBuffer} is read in another shape or type than it was filled in";
        if (read.Length > 0 && previous!.Block != operation.Block)
            return $"the operations of a chain have blocks of {previous.Block} and {operation.Block}";
        if (chained > LargestChain || inputs > LargestChainInputs)
            return $"a chain of {chained} operations with {inputs} inputs from memory is too long";
        return null;
    }
}
