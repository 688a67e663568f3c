using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>
/// An operand of an elementwise operation, less its zero point, in the output's sizes: a feature map that may repeat, a number, or what
/// another operation of the chain has made (npu-u85 4.8 and 5.4).
/// </summary>
internal sealed class OperandRows
{
    private readonly AddressedFeatureMap map;
    private readonly AddressedFeatureMap ofm;
    private readonly MapReader? reader;
    private readonly long[]? chained;
    private readonly long? scalar;
    private readonly long[] small;

    public OperandRows(Execution run, ChainingBuffers chains, AddressedFeatureMap map, int? scalar, AddressedFeatureMap ofm, string name)
    {
        (this.map, this.ofm) = (map, ofm);
        this.scalar = scalar is { } value ? (long)value - map.ZeroPoint : null;
        small = new long[map.Width == ofm.Width && map.Depth == ofm.Depth ? 0 : (long)map.Width * map.Depth];
        if (scalar is not null)
            return;
        if (map.ChainBuffer is not null)
            chained = chains.Read(map);
        else
            reader = new(run, map, name);
    }

    /// <summary>A row of the operand.</summary>
    public void Row(int y, Span<long> target)
    {
        if (scalar is { } value)
        {
            target.Fill(value);
            return;
        }
        int row = map.Height == 1 ? 0 : y;
        Span<long> own = small.Length == 0 ? target : small;
        if (chained is not null)
        {
            chained.AsSpan(row * own.Length, own.Length).CopyTo(own);
            foreach (ref long element in own)
                element -= map.ZeroPoint;
        }
        else
        {
            reader!.ReadRow(row, own);
        }
        if (small.Length > 0)
            Repeat(target);
    }

    private void Repeat(Span<long> target)
    {
        for (int x = 0; x < ofm.Width; x++)
        {
            ReadOnlySpan<long> pixel = small.AsSpan(map.Width == 1 ? 0 : x * map.Depth, map.Depth);
            Span<long> place = target.Slice(x * ofm.Depth, ofm.Depth);
            if (map.Depth == ofm.Depth)
                pixel.CopyTo(place);
            else
                place.Fill(pixel[0]);
        }
    }
}
