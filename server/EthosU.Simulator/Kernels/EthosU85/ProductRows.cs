using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>A convolution whose weights are the second input: a product of matrices (npu-u85 4.6).</summary>
internal sealed class ProductRows : IRowSource
{
    private readonly Execution run;
    private readonly ConvolutionOperation operation;
    private readonly RowWindow<int> window;
    private readonly int[] weights;

    public ProductRows(Execution run, ConvolutionOperation operation)
    {
        (this.run, this.operation) = (run, operation);
        AddressedFeatureMap ifm2 = operation.Ifm2!;
        run.Charge(operation.Ofm.ElementCount * (double)operation.Ifm.Depth);
        window = new(run, operation, padColumns: true);
        weights = new int[ifm2.ElementCount];
        new MapReader(run, ifm2, "the second input").ReadRow<int>(0, weights);
    }

    /// <inheritdoc/>
    public void Row(int y, Span<long> target)
    {
        int inputs = operation.Ifm.Depth, outputs = operation.Ofm.Depth;
        ReadOnlySpan<int> row = window.Row(y - operation.Padding.Top);
        for (int x = 0; x < operation.Ofm.Width; x++)
        {
            run.Step();
            ReadOnlySpan<int> pixel = row.Slice(x * inputs, inputs);
            for (int n = 0; n < outputs; n++)
            {
                ReadOnlySpan<int> column = weights.AsSpan(n * inputs, inputs);
                long sum = 0;
                for (int k = 0; k < column.Length; k++)
                    sum += (long)pixel[k] * column[k];
                target[(x * outputs) + n] = sum;
            }
        }
    }
}
