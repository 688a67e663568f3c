using EthosU.Graphs;
using EthosU.Import;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Import;

/// <summary>Sizes of a program's inputs, free ones made numbers (pt2-format 3).</summary>
/// <param name="program">The program.</param>
/// <param name="options">What the user says of them.</param>
internal sealed class InputSizes(ExportedProgram program, TorchImportOptions options)
{
    private const int MaxRank = 32;
    private readonly Dictionary<string, long> sizes = new(StringComparer.Ordinal);
    private readonly List<Finding> problems = [];
    private readonly List<(string Path, int Axis, DynamicSize Size)> free = [];

    /// <summary>The inputs that the user gives, in order.</summary>
    /// <exception cref="UnsupportedModelException">Sizes are not possible, or types; all are named.</exception>
    public List<(ProgramInput.User Input, ElementType Type, Shape Shape)> Read()
    {
        List<(ProgramInput.User Input, TensorMeta Meta)> inputs = [];
        foreach (ProgramInput.User input in program.Inputs.OfType<ProgramInput.User>())
            if (program.Graph.Tensors.TryGetValue(input.Name, out TensorMeta? meta))
                inputs.Add((input, meta));
        foreach ((ProgramInput.User input, TensorMeta meta) in inputs)
            for (int axis = 0; axis < meta.Sizes.Length; axis++)
                if (meta.Sizes[axis].Expression is not SizeExpression.Number)
                    free.Add((input.Path, axis, meta.Sizes[axis]));
        Choose();
        List<(ProgramInput.User, ElementType, Shape)> result = [];
        foreach ((ProgramInput.User input, TensorMeta meta) in inputs)
            try
            {
                result.Add((input, ElementKinds.Of(meta.Type), ShapeOf(meta, input.Path)));
            }
            catch (UnsupportedOperatorException e)
            {
                problems.Add(new("torch-unsupported", FindingSeverity.Error, $"Input '{input.Path}' cannot be read. {e.Message}", e.Advice,
                    Source.None) { Tensor = input.Path });
            }
        return problems.Count == 0 ? result : throw new UnsupportedModelException([.. problems]);
    }

    /// <summary>The number that a size is; null where it depends on what is not known, such as data.</summary>
    public long? Evaluate(SizeExpression size) => SizeArithmetic.Evaluate(size, sizes);

    private Shape ShapeOf(TensorMeta meta, string path)
    {
        if (meta.Sizes.Length > MaxRank)
            throw new UnsupportedOperatorException($"{meta.Sizes.Length} axes are too many.", "Use tensors of fewer axes.");
        int[] shape = new int[meta.Sizes.Length];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (Evaluate(meta.Sizes[axis].Expression) is not { } size)
                shape[axis] = problems.Any(problem => problem.Tensor == path) ? 1
                    : throw new UnsupportedOperatorException($"The size of axis {axis} cannot be computed.",
                        "Export with a fixed size for this axis.");
            else if (size is < 1 or > int.MaxValue)
                throw new UnsupportedOperatorException($"Axis {axis} would have the size {size}.", "Give sizes that are larger than 0.");
            else
                shape[axis] = (int)size;
        }
        Shape result = new([.. shape]);
        try
        {
            GraphEmitter.RequireSize(result);
        }
        catch (OverflowException)
        {
            throw new UnsupportedOperatorException("Its shape has too many elements.", "Use smaller sizes.");
        }
        return result;
    }

    private void Choose()
    {
        HashSet<string> used = new(StringComparer.Ordinal);
        foreach ((string path, int axis, DynamicSize size) in free)
        {
            string place = $"{path}:{axis}";
            if (options.Sizes.TryGetValue(place, out int wanted))
            {
                used.Add(place);
                Fix(path, axis, size.Expression, wanted, $"--dim {place}={wanted}");
            }
            foreach (string symbol in SizeArithmetic.Symbols(size.Expression))
                if (options.Sizes.TryGetValue(symbol, out int value) && used.Add(symbol))
                    Set(path, symbol, value, $"--dim {symbol}={value}");
        }
        foreach (string name in options.Sizes.Keys.Where(name => !used.Contains(name)).Order(StringComparer.Ordinal))
            problems.Add(new("torch-symbolic-size", FindingSeverity.Error, $"No input has a free size '{name}'.",
                free.Count == 0 ? "All sizes of the inputs are fixed."
                    : $"There are: {string.Join(", ", free.Select(place => $"{place.Path}:{place.Axis}"))}.", Source.None));
        foreach ((string path, int axis, DynamicSize size) in free)
            if (axis == 0 && size.Expression is SizeExpression.Symbol { Name: var name } && !sizes.ContainsKey(name)
                && IsAllowed(name, options.BatchSize))
                sizes[name] = options.BatchSize;
        foreach ((string path, int axis, DynamicSize size) in free)
        {
            if (Evaluate(size.Expression) is not null)
                continue;
            if (size.Hint is { } hint && SizeArithmetic.Solve(size.Expression, hint, sizes) is (var symbol, var value))
                sizes[symbol] = value;
            else
                problems.Add(new("torch-symbolic-size", FindingSeverity.Error,
                    $"Axis {axis} of input '{path}' has no fixed size; on a microcontroller every size must be known.",
                    $"Fix it with --dim {path}:{axis}=N (in ethosu.json: \"dims\"), or export with a fixed size for this axis (leave it "
                        + $"out of dynamic_shapes).", Source.None) { Tensor = path, OpenSize = $"{path}:{axis}" });
        }
    }

    private void Fix(string path, int axis, SizeExpression expression, int wanted, string said)
    {
        if (Evaluate(expression) is { } known)
        {
            if (known != wanted)
                Refuse(path, $"{said} is not possible: the other sizes make it {known}.");
        }
        else if (SizeArithmetic.Solve(expression, wanted, sizes) is (var symbol, var value))
            Set(path, symbol, value, said);
        else
            Refuse(path, $"{said} is not possible: axis {axis} is {SizeArithmetic.Text(expression)}.");
    }

    private void Set(string path, string symbol, long value, string said)
    {
        if (sizes.TryGetValue(symbol, out long known) ? known != value : !IsAllowed(symbol, value))
            Refuse(path, sizes.ContainsKey(symbol) ? $"{said} contradicts another size."
                : $"{said} is not possible: the program was exported for {RangeText(symbol)}.");
        else
            sizes[symbol] = value;
    }

    private void Refuse(string path, string reason) => problems.Add(new("torch-symbolic-size", FindingSeverity.Error, reason,
        "Give a size within the range of the export, or export with another range in dynamic_shapes.", Source.None) { Tensor = path });

    private bool IsAllowed(string symbol, long value) => !program.Ranges.TryGetValue(symbol, out SymbolRange? range)
        || (!(value < range.Least) && !(value > range.Most));

    private string RangeText(string symbol)
    {
        SymbolRange range = program.Ranges[symbol];
        return range.Most is { } most ? $"{symbol} from {range.Least ?? 0} to {most}" : $"{symbol} of at least {range.Least ?? 0}";
    }
}
