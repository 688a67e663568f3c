using EthosU.Graphs;

namespace EthosU.Npu.Indices;

/// <summary>An axis of a convolution, without the taps that meet nothing but padding.</summary>
/// <param name="Input">Cells of the input.</param>
/// <param name="Output">Results.</param>
/// <param name="FirstTap">The first tap that meets the input.</param>
/// <param name="Taps">Taps from there on.</param>
/// <param name="Stride">From result to result.</param>
/// <param name="Dilation">From tap to tap; 1 where there is one tap.</param>
/// <param name="Before">Cells of padding in front that the first tap of the first result meets; negative if it begins inside.</param>
internal readonly record struct WindowAxis(int Input, int Output, int FirstTap, int Taps, int Stride, int Dilation, int Before)
{
    /// <summary>Rows (axis 1) or columns (axis 2) of a convolution, for the padding that its operator gives.</summary>
    public static WindowAxis Of(Node node, int axis, Padding padding, int stride, int dilation)
    {
        int input = node.Input(0).Shape[axis], output = node.Output.Shape[axis], kernel = node.Input(1).Shape[axis];
        return Of(input, output, kernel, stride, dilation,
            WindowGeometry.PaddingSize(padding, input, output, kernel, stride, dilation).Before);
    }

    /// <summary>An axis with so many cells of padding in front.</summary>
    public static WindowAxis Of(int input, int output, int kernel, int stride, int dilation, int before)
    {
        int first = 0, last = kernel - 1;
        // A tap's first and last place in the input.
        while (first < last && ((long)first * dilation) - before + ((output - 1L) * stride) < 0)
            first++;
        while (last > first && ((long)last * dilation) - before >= input)
            last--;
        int taps = last - first + 1;
        return new(input, output, first, taps, stride, taps == 1 ? 1 : dilation, before - (first * dilation));
    }

    /// <summary>Into how many convolutions of cells that lie apart a dilation falls, if there are no zeros between taps.</summary>
    public int Phases => Stride != 1 || Dilation <= 2 ? 1 : Dilation % 2 == 0 ? Dilation / 2 : Dilation;

    /// <summary>Cells that the taps span, or the taps and zeros that the hardware sees, if so many convolutions are made of one.</summary>
    public int Span(int phases) => checked(((Taps - 1) * (Dilation / phases)) + 1);

    /// <summary>Taps and zeros between them, if so many convolutions are made of one.</summary>
    public int Steps(int phases)
    {
        int rest = Dilation / phases;
        return ((Taps - 1) * (rest / DilationForm.OfHardware(rest))) + 1;
    }
}
