using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>Accumulators that are the second input: copies of 32 and 64 bits, biases of the run time (npu-u85 4.7).</summary>
internal sealed class CopyRows : IRowSource
{
    private readonly MapReader reader;

    public CopyRows(Execution run, PoolingOperation operation)
    {
        run.Charge(operation.Ofm.ElementCount);
        reader = new(run, operation.Ifm2!, "the second input");
    }

    /// <inheritdoc/>
    public void Row(int y, Span<long> target) => reader.ReadRow(y, target);
}
