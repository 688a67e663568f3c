using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;
using EthosU.Torch.Import;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Operators;

/// <summary>Convolutions.</summary>
internal static class ConvolutionImport
{
    private const string Plain = "input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1";
    private const string Named = "input, weight, bias=None, stride=1, padding=valid, dilation=1, groups=1";
    private const string Transposed = "input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1";

    public static IEnumerable<OperatorImporter> Operators =>
    [
        .. Enumerable.Range(1, 3).SelectMany(spatial => (OperatorImporter[])[
            new($"aten.conv{spatial}d.default", Plain, c => Import(c, spatial, transposed: false)),
            new($"aten.conv{spatial}d.padding", Named, c => Import(c, spatial, transposed: false)),
            new($"aten.conv_transpose{spatial}d.{(spatial == 1 ? "default" : "input")}", Transposed, c =>
                Import(c, spatial, transposed: true))]),
        new("aten.convolution.default", "input, weight, bias, stride, padding, dilation, transposed, output_padding, groups", static c =>
            Import(c, c.Tensor("weight").Shape.Rank - 2, c.Flag("transposed"))),
    ];

    private static void Import(ProgramContext c, int spatial, bool transposed)
    {
        Tensor x = c.Real("input"), w = c.Real("weight");
        Tensor? bias = c.TryReal("bias");
        bool single = x.Shape.Rank == spatial + 1; // one image without a batch
        if (single)
            x = c.Reshape(x, [1, .. x.Shape]);
        if (x.Shape.Rank != spatial + 2 || w.Shape.Rank != spatial + 2)
            throw new UnsupportedOperatorException($"Weights {w.Shape} do not suit the input {x.Shape}.", "Check the exported program.");
        WindowOptions window = Window(c, spatial, w.Shape);
        int groups = c.Int("groups");
        Tensor y = transposed
            ? TransposedConvolution.Of(c, x, w, bias, groups, new(window) { OutputPadding = Each(c, "output_padding", spatial) })
            : Convolution.Of(c, x, w, bias, groups, window);
        c.Result(single ? c.Reshape(y, y.Shape.Without(0)) : y);
    }

    private static WindowOptions Window(ProgramContext c, int spatial, Shape weights)
    {
        int[] dilations = Each(c, "dilation", spatial), strides = Each(c, "stride", spatial);
        if (c.Arg("padding") is not Argument.Text text)
            return new()
            {
                Strides = strides, Dilations = dilations, Begin = Each(c, "padding", spatial), End = Each(c, "padding", spatial),
            };
        if (text.Value == "valid")
            return new() { Strides = strides, Dilations = dilations };
        if (text.Value != "same")
            throw new UnsupportedOperatorException($"The padding '{text.Value}' is not known.", "Use 'same', 'valid' or numbers.");
        int[] total = [.. Enumerable.Range(0, spatial).Select(i => checked(dilations[i] * (weights[2 + i] - 1)))];
        return new() { Strides = strides, Dilations = dilations, Begin = [.. total.Select(static t => t / 2)],
            End = [.. total.Select(static t => t - (t / 2))] };
    }

    /// <summary>A number for each spatial axis; one stands for all.</summary>
    public static int[] Each(ProgramContext c, string name, int spatial) => c.Ints(name) is var values && values.Length == spatial ? values
        : values.Length == 1 ? [.. Enumerable.Repeat(values[0], spatial)]
        : throw new UnsupportedOperatorException($"Its {name} has {values.Length} numbers for {spatial} axes.",
            "Check the exported program.");
}
