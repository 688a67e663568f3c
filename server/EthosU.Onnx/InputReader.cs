using EthosU.Graphs;
using EthosU.Import;
using EthosU.Onnx.Proto;
using Dimension = EthosU.Onnx.Proto.TensorShapeProto.Types.Dimension;

namespace EthosU.Onnx;

/// <summary>Types and shapes of a model's inputs, symbolic sizes made numbers.</summary>
internal sealed class InputReader(GraphProto graph, string file, OnnxImportOptions options)
{
    private const int MaxRank = 32;
    private readonly HashSet<string> symbols = new(StringComparer.Ordinal), used = new(StringComparer.Ordinal);

    /// <summary>The inputs whose values the caller gives, in the model's order.</summary>
    /// <exception cref="ModelFormatException">An input has an impossible shape or is no tensor.</exception>
    /// <exception cref="UnsupportedModelException">Inputs have sizes that nobody fixed, or types that cannot be; all are named.</exception>
    public List<(string Name, ElementType Type, Shape Shape)> Read()
    {
        HashSet<string> initializers = [.. graph.Initializer.Select(tensor => tensor.Name)];
        ValueInfoProto[] inputs = [.. graph.Input.Where(input => !initializers.Contains(input.Name))];
        HashSet<string> batchSymbols =
            [.. inputs.Select(input => input.Type?.TensorType?.Shape?.Dim.FirstOrDefault()?.DimParam ?? "")
            .Where(symbol => symbol.Length > 0)];
        List<(string, ElementType, Shape)> result = [];
        List<Finding> problems = [];
        foreach (ValueInfoProto input in inputs)
        {
            if (input.Type?.TensorType is not { } type)
                throw new ModelFormatException(file, $"input '{input.Name}'",
                    "only tensors can be inputs; sequences, optionals and maps cannot");
            if (type.Shape is null)
            {
                problems.Add(Problem(input, "onnx-symbolic-size", $"Input '{input.Name}' has no shape.",
                    "Export with example inputs of fixed shape."));
                continue;
            }
            if (type.Shape.Dim.Count > MaxRank)
                throw new ModelFormatException(file, $"input '{input.Name}'", $"{type.Shape.Dim.Count} axes are too many");
            try
            {
                Shape shape = new([.. type.Shape.Dim.Select((dimension, axis) => Size(input, dimension, axis, batchSymbols, problems))]);
                if (shape.ElementCount > int.MaxValue)
                    throw new OverflowException();
                ImportContext.RequireSize(shape);
                result.Add((input.Name, TensorLoader.TypeOf(type.ElemType), shape));
            }
            catch (UnsupportedOperatorException e)
            {
                problems.Add(Problem(input, "onnx-unsupported", $"Input '{input.Name}' cannot be read. {e.Message}", e.Advice));
            }
            catch (OverflowException)
            {
                throw new ModelFormatException(file, $"input '{input.Name}'", "its shape has too many elements");
            }
        }
        foreach (string name in options.Sizes.Keys.Where(name => !used.Contains(name)).Order(StringComparer.Ordinal))
            problems.Add(new("onnx-symbolic-size", FindingSeverity.Error, $"No input has a symbolic size '{name}'.",
                symbols.Count == 0 ? "All sizes of the inputs are fixed."
                    : $"There are: {string.Join(", ", symbols.Order(StringComparer.Ordinal))}.", Source.None));
        return problems.Count == 0 ? result : throw new UnsupportedModelException([.. problems]);
    }

    private int Size(ValueInfoProto input, Dimension dimension, int axis, HashSet<string> batchSymbols, List<Finding> problems)
    {
        if (dimension.ValueCase == Dimension.ValueOneofCase.DimValue && dimension.DimValue > 0)
            return dimension.DimValue <= int.MaxValue ? (int)dimension.DimValue : throw new OverflowException();
        string symbol = dimension.DimParam, place = $"{input.Name}:{axis}";
        symbols.Add(symbol.Length > 0 ? symbol : place);
        used.Add(options.Sizes.ContainsKey(place) ? place : symbol);
        int size = options.Sizes.TryGetValue(place, out int atPlace) ? atPlace
            : symbol.Length > 0 && options.Sizes.TryGetValue(symbol, out int ofSymbol) ? ofSymbol
            : axis == 0 || batchSymbols.Contains(symbol) || symbol.Contains("batch", StringComparison.OrdinalIgnoreCase) ? options.BatchSize
            : 0;
        if (size > 0)
            return size;
        (string shown, string name) = symbol.Length > 0 ? ($" ('{symbol}')", symbol) : ("", place);
        problems.Add(Problem(input, "onnx-symbolic-size",
            $"Axis {axis} of input '{input.Name}' has no fixed size{shown}; on a microcontroller every size must be known.",
            $"Fix it with --dim {name}=N (in ethosu.json: \"dims\"), or export with a fixed size for this axis (leave it out of "
                + $"dynamic_axes or dynamic_shapes).") with { OpenSize = name });
        return 1;
    }

    private static Finding Problem(ValueInfoProto input, string rule, string reason, string advice) =>
        new(rule, FindingSeverity.Error, reason, advice, Source.None) { Tensor = input.Name };
}
