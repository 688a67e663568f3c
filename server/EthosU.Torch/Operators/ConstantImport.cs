using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;
using EthosU.Torch.Import;

namespace EthosU.Torch.Operators;

/// <summary>Tensors that are made of numbers alone.</summary>
internal static class ConstantImport
{
    private const string Options = ", *, dtype=None, layout=None, device=None, pin_memory=None";
    private const string LikeOptions = Options + ", memory_format=None";

    public static IEnumerable<OperatorImporter> Operators =>
    [
        new("aten.zeros.default", "size" + Options, static c => Full(c, c.Ints("size"), 0)),
        new("aten.ones.default", "size" + Options, static c => Full(c, c.Ints("size"), 1)),
        new("aten.empty.memory_format", "size" + LikeOptions, static c => Full(c, c.Ints("size"), 0)),
        new("aten.empty_strided.default", "size, stride" + Options, static c => Full(c, c.Ints("size"), 0)),
        new("aten.empty_permuted.default", "size, physical_layout" + Options, static c => Full(c, c.Ints("size"), 0)),
        new("aten.full.default", "size, fill_value" + Options, static c => Full(c, c.Ints("size"), c.Double("fill_value"))),
        new("aten.zeros_like.default", "self" + LikeOptions, static c => Full(c, Like(c), 0)),
        new("aten.ones_like.default", "self" + LikeOptions, static c => Full(c, Like(c), 1)),
        new("aten.empty_like.default", "self" + LikeOptions, static c => Full(c, Like(c), 0)),
        new("aten.full_like.default", "self, fill_value" + LikeOptions, static c => Full(c, Like(c), c.Double("fill_value"))),
        new("aten.new_zeros.default", "self, size" + Options, static c => Full(c, c.Ints("size"), 0)),
        new("aten.new_ones.default", "self, size" + Options, static c => Full(c, c.Ints("size"), 1)),
        new("aten.new_empty.default", "self, size" + Options, static c => Full(c, c.Ints("size"), 0)),
        new("aten.new_empty_strided.default", "self, size, stride" + Options, static c => Full(c, c.Ints("size"), 0)),
        new("aten.new_full.default", "self, size, fill_value" + Options, static c => Full(c, c.Ints("size"), c.Double("fill_value"))),
        new("aten.scalar_tensor.default", "s" + Options, static c => c.Result(c.Literal(c.Double("s"), c.ResultType()))),
        new("aten.arange.default", "end" + Options, static c => Range(c, 0, c.Double("end"), 1)),
        new("aten.arange.start", "start, end" + Options, static c => Range(c, c.Double("start"), c.Double("end"), 1)),
        new("aten.arange.start_step", "start, end, step=1" + Options, static c =>
            Range(c, c.Double("start"), c.Double("end"), c.Double("step"))),
        new("aten.linspace.default", "start, end, steps" + Options, static c => Steps(c, static x => x)),
        new("aten.logspace.default", "start, end, steps, base=10" + Options, static c =>
        {
            double b = c.Double("base");
            Steps(c, x => Math.Pow(b, x));
        }),
        new("aten.eye.default", "n" + Options, static c => Identity(c, c.Int("n"), c.Int("n"))),
        new("aten.eye.m", "n, m" + Options, static c => Identity(c, c.Int("n"), c.Int("m"))),
        new("aten.lift_fresh_copy.default", "self", static c => c.Copy(c.Operand("self"))),
        new("aten.fill.Scalar", "self, value", static c => Fill(c)), new("aten.fill.Tensor", "self, value", static c => Fill(c)),
        new("aten.zero.default", "self", static c => Full(c, Like(c), 0)),
        new("aten.tril.default", "self, diagonal=0", static c => Triangle(c, false)),
        new("aten.triu.default", "self, diagonal=0", static c => Triangle(c, true)),
        new("aten.tril_indices.default", "row, col, offset=0" + Options, static c => Corner(c, upper: false)),
        new("aten.triu_indices.default", "row, col, offset=0" + Options, static c => Corner(c, upper: true)),
        new("aten.hann_window.default", "window_length" + Options, static c => Cosines(c, true, 0.5)),
        new("aten.hann_window.periodic", "window_length, periodic" + Options, static c => Cosines(c, c.Flag("periodic"), 0.5)),
        new("aten.hamming_window.default", "window_length" + Options, static c => Cosines(c, true, 0.54)),
        new("aten.hamming_window.periodic", "window_length, periodic" + Options, static c => Cosines(c, c.Flag("periodic"), 0.54)),
    ];

    private static int[] Like(ProgramContext c) => [.. c.Operand("self").Shape];

    private static void Full(ProgramContext c, int[] sizes, double value)
    {
        Shape shape = new([.. sizes]);
        GraphEmitter.RequireSize(shape);
        c.Result(Filled(c, shape, c.Literal(value, c.ResultType())));
    }

    private static Tensor Filled(ProgramContext c, Shape shape, Tensor value) =>
        shape.Rank == 0 ? c.Reshape(value, shape) : c.Emit(new Fill(), c.Integers([.. shape]), c.Reshape(value, Shape.Scalar));

    private static void Fill(ProgramContext c)
    {
        ElementType type = c.Tensor("self").Type;
        c.Result(Filled(c, c.Operand("self").Shape, c.Tensor("value", type)));
    }

    private static void Triangle(ProgramContext c, bool upper) =>
        c.Result(Movement.Triangle(c, c.Tensor("self"), c.Int("diagonal"), upper));

    private static void Range(ProgramContext c, double start, double end, double step)
    {
        double count = Math.Ceiling((end - start) / step);
        if (!(count >= 0) || count > int.MaxValue)
            throw new UnsupportedOperatorException($"A range from {start} to {end} in steps of {step} is not possible.",
                "Check the exported program.");
        Numbers(c, [(int)count], i => start + (i * step));
    }

    private static void Steps(ProgramContext c, Func<double, double> of)
    {
        double start = c.Double("start"), end = c.Double("end");
        int steps = c.Int("steps");
        Numbers(c, [Math.Max(0, steps)], i => of(steps == 1 ? start : start + ((end - start) * i / (steps - 1))));
    }

    private static void Identity(ProgramContext c, int rows, int columns) =>
        Numbers(c, [rows, columns], i => i / columns == i % columns ? 1 : 0);

    private static void Corner(ProgramContext c, bool upper)
    {
        int rows = c.Int("row"), columns = c.Int("col"), offset = c.Int("offset");
        int[] places = [.. Enumerable.Range(0, c.Listed((long)rows * columns))
            .Where(i => upper ? (i % columns) - (i / columns) >= offset : (i % columns) - (i / columns) <= offset)];
        Numbers(c, [2, places.Length], i => i < places.Length ? places[i] / columns : places[i - places.Length] % columns);
    }

    private static void Cosines(ProgramContext c, bool periodic, double alpha)
    {
        int length = c.Int("window_length"), period = periodic ? length : length - 1;
        Numbers(c, [length], i => length == 1 ? 1 : alpha - ((1 - alpha) * Math.Cos(2 * Math.PI * i / period)));
    }

    private static void Numbers(ProgramContext c, Shape shape, Func<int, double> at)
    {
        int count = c.Listed(shape.ElementCount);
        ElementType type = c.ResultType();
        Tensor constant = type == ElementType.Float32
            ? c.Constant(TensorData.From<float>(shape, [.. Enumerable.Range(0, count).Select(i => (float)at(i))]))
            : c.Constant(TensorData.From<int>(shape, [.. Enumerable.Range(0, count).Select(i => (int)Math.Clamp(at(i), int.MinValue,
                int.MaxValue))]));
        c.Result(c.Convert(constant, type));
    }
}
