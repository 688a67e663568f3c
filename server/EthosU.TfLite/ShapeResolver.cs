using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Interpreter.Detection;

namespace EthosU.TfLite;

/// <summary>
/// Makes the shapes of a graph those that a run has. Models of an unknown batch compute the shape operands of their operators (SHAPE,
/// STRIDED_SLICE, PACK), and hold placeholders in the shapes that the file stores: with the inputs' sizes known the operands become
/// constants, and shapes are inferred anew. An open axis of an input has the size that the file stores for it, mostly 1.
/// </summary>
internal sealed class ShapeResolver
{
    private const int MaxShapeElements = 4096; // of integers that no folded operand feeds: sizes, axes, counters
    private const long MaxFoldedBytes = 1 << 24;

    private readonly Graph graph;
    private readonly bool isOpen;
    private readonly Dictionary<Tensor, Tensor> replaced = [];
    private readonly HashSet<Tensor> unknown = [], folded = [];
    private readonly FoldingBudget operations = new();
    private long budget = MaxFoldedBytes;

    private ShapeResolver(Graph graph, IReadOnlyList<Shape?>? inputShapes)
    {
        this.graph = graph;
        for (int i = 0; inputShapes is not null && i < graph.Inputs.Length; i++)
            if (graph.Inputs[i] is { OpenAxes.IsEmpty: false } input && inputShapes[i] is { } shape)
                replaced[input] = Closed(input, shape);
        isOpen = graph.Tensors.Any(tensor => !tensor.OpenAxes.IsEmpty);
    }

    /// <summary>
    /// The graph with its shapes resolved, and the tensors that took the place of others. What only the run knows stays open.
    /// </summary>
    /// <param name="graph">The graph as the file has it.</param>
    /// <param name="inputShapes">Shapes of its inputs, which count where the file leaves sizes open; null, for one or all: they stay open,
    /// with the sizes stored.</param>
    /// <exception cref="InvalidGraphException">A shape does not suit its input.</exception>
    public static (Graph Graph, IReadOnlyDictionary<Tensor, Tensor> Replaced) Resolve(Graph graph,
        IReadOnlyList<Shape?>? inputShapes = null)
    {
        ShapeResolver resolver = new(graph, inputShapes);
        return (resolver.Run(), resolver.replaced);
    }

    private Graph Run()
    {
        var nodes = ImmutableArray.CreateBuilder<Node>(graph.Nodes.Length);
        bool changed = replaced.Count > 0;
        foreach (Node node in graph.Nodes)
        {
            if (Resolve(node) is { } resolved)
            {
                nodes.Add(resolved);
                changed |= resolved != node;
            }
            else
            {
                changed = true;
            }
        }
        if (!changed)
            return graph;
        HashSet<Tensor?> used = [.. nodes.SelectMany(node => node.Inputs)];
        return new(graph.Name, nodes.ToImmutable(), [.. graph.Inputs.Select(Current)], [.. graph.Outputs.Select(Current)])
        {
            TensorOrder = [.. graph.TensorOrder.Select(Current).Where(tensor => !folded.Contains(tensor) || used.Contains(tensor))],
        };
    }

    private static Tensor Closed(Tensor input, Shape shape)
    {
        bool suits = shape.Rank == input.Shape.Rank
            && Enumerable.Range(0, shape.Rank).All(axis => shape[axis] == input.Shape[axis] || input.OpenAxes.Contains(axis));
        return suits ? new(input.Name, input.Type, shape,
            input.Quantization) { IsVariable = input.IsVariable, Range = input.Range, Origin = input.Origin }
            : throw new InvalidGraphException($"{shape} does not suit the input {input}");
    }

    /// <summary>The node with the shapes that it has in a run; null if its results have become constants.</summary>
    private Node? Resolve(Node node)
    {
        bool moved = node.Inputs.Any(input => input is not null && replaced.ContainsKey(input));
        ImmutableArray<Tensor?> inputs = moved ? [.. node.Inputs.Select(input => input is null ? null : Current(input))] : node.Inputs;
        ImmutableArray<Shape>? shapes = Shapes(node, inputs);
        bool known = shapes is not null && inputs.All(input => input is null || !unknown.Contains(input));
        var outputs = ImmutableArray.CreateBuilder<Tensor>(node.Outputs.Length);
        for (int i = 0; i < node.Outputs.Length; i++)
        {
            Tensor output = node.Outputs[i];
            Shape shape = (isOpen || node.Operator is Custom) && shapes is { } inferred ? inferred[i] : output.Shape;
            if (!output.IsConstant && (shape != output.Shape || (known && !output.OpenAxes.IsEmpty)))
                output = new(output.Name, output.Type, shape, output.Quantization)
                {
                    IsVariable = output.IsVariable,
                    Range = output.Range,
                    Origin = output.Origin,
                    OpenAxes = known ? [] : output.OpenAxes,
                };
            if (!known && !output.OpenAxes.IsEmpty)
                unknown.Add(output);
            outputs.Add(output);
        }
        bool same = !moved && outputs.SequenceEqual(node.Outputs);
        Node resolved = same ? node : new(node.Operator, inputs, outputs.ToImmutable(), node.Source) { Intermediates = node.Intermediates };
        if (known && !node.Outputs.Any(graph.Outputs.Contains) && Fold(resolved) is { } constants)
        {
            for (int i = 0; i < constants.Length; i++)
            {
                replaced[node.Outputs[i]] = constants[i];
                folded.Add(constants[i]);
            }
            return null;
        }
        for (int i = 0; i < outputs.Count; i++)
            if (outputs[i] != node.Outputs[i])
                replaced[node.Outputs[i]] = outputs[i];
        return resolved;
    }

    /// <summary>The shapes of a node's results; null where only the run tells them.</summary>
    private ImmutableArray<Shape>? Shapes(Node node, ImmutableArray<Tensor?> inputs)
    {
        if (node.Operator is Where || (node.Operator is OtherBuiltin && !isOpen && node.Outputs.Any(output => !output.OpenAxes.IsEmpty)))
            return null;
        if (node.Operator is Custom && CustomShapes.TryInfer(node) is { } custom
            && custom.Zip(node.Outputs).Any(pair => pair.First.ElementCount != pair.Second.Shape.ElementCount))
            return custom;
        if (!ShapeInference.CanInfer(node.Operator))
            return [.. node.Outputs.Select(output => output.Shape)]; // the placeholders of the file
        if (node.Operator is Cast or Quantize or Dequantize)
            return inputs is [{ } x, ..] && node.Outputs.Length == 1 && x.Shape.ElementCount != node.Output.Shape.ElementCount && isOpen
                ? [x.Shape] : [.. node.Outputs.Select(output => output.Shape)];
        if (node.Operator is Reshape && (inputs.Length < 2 || inputs[1] is null))
            return [.. node.Outputs.Select(output => output.Shape)];
        try
        {
            return [.. ShapeInference.Infer(node.Operator, inputs, node.Outputs.Length).Select(type => type.Shape)];
        }
        catch (InvalidGraphException e) when (e.IsUndecided)
        {
            return node.Outputs.All(output => output.OpenAxes.IsEmpty) ? [.. node.Outputs.Select(output => output.Shape)] : null;
        }
        catch (InvalidGraphException)
        {
            return [.. node.Outputs.Select(output => output.Shape)]; // what is wrong is said when the graph is verified
        }
    }

    private Tensor[]? Fold(Node node)
    {
        if (node.Outputs.IsEmpty || node.Outputs.Any(output => !output.Type.HasFixedSize() || output.IsVariable))
            return null;
        if (node.Operator is ShapeOf or Rank)
        {
            long[] sizes = node.Inputs is not [{ } x] || node.Outputs.Length != 1 ? [] : node.Operator is Rank ? [x.Shape.Rank]
                : [.. x.Shape.Select(size => (long)size)];
            return node.Output.Type switch
            {
                _ when sizes.Length != node.Output.Shape.ElementCount => null,
                ElementType.Int32 =>
                    [Constant(node.Output,
                    TensorData.Wrap(ElementType.Int32, node.Output.Shape, Array.ConvertAll(sizes, size => (int)size)))],
                ElementType.Int64 => [Constant(node.Output, TensorData.Wrap(ElementType.Int64, node.Output.Shape, sizes))],
                _ => null,
            };
        }
        if (node.Inputs.IsEmpty || node.Inputs.Any(input => input is { IsConstant: false })
            || node.Operator is Custom or OtherBuiltin or If or While)
            return null;
        bool integers = node.Outputs
            .All(output => output.Type is ElementType.Int32 or ElementType.Int64 or ElementType.Bool
            && output.Shape.ElementCount <= MaxShapeElements);
        if (!integers && !node.Inputs.Any(input => input is not null && folded.Contains(input)))
            return null;
        long bytes = node.Outputs.Sum(output => output.Type.ByteCount(output.Shape.ElementCount));
        if (bytes > budget || ConstantEvaluator.TryEvaluate(node, operations) is not { } values)
            return null;
        budget -= bytes;
        return [.. node.Outputs.Zip(values, Constant)];
    }

    private static Tensor Constant(Tensor tensor, TensorData value) =>
        new(tensor.Name, value, tensor.Quantization) { Range = tensor.Range, Origin = tensor.Origin };

    private Tensor Current(Tensor tensor) => replaced.GetValueOrDefault(tensor, tensor);
}
