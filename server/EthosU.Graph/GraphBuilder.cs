using System.Collections.Immutable;

namespace EthosU.Graphs;

/// <summary>
/// Builds a graph node by node; shapes and element types of results are inferred. Names are made unique by a number at the
/// end. Not for use by several threads.
/// </summary>
/// <param name="name">The graph's name.</param>
public sealed class GraphBuilder(string name = "")
{
    private readonly ImmutableArray<Node>.Builder nodes = ImmutableArray.CreateBuilder<Node>();
    private readonly ImmutableArray<Tensor>.Builder inputs = ImmutableArray.CreateBuilder<Tensor>();
    private readonly ImmutableArray<Tensor>.Builder outputs = ImmutableArray.CreateBuilder<Tensor>();
    private readonly UniqueNames names = new();

    /// <summary>Number of nodes so far.</summary>
    public int NodeCount => nodes.Count;

    /// <summary>Adds an input of the graph.</summary>
    public Tensor AddInput(string inputName, ElementType type, Shape shape, Quantization? quantization = null)
    {
        Tensor tensor = new(names.Make(inputName), type, shape, quantization);
        inputs.Add(tensor);
        return tensor;
    }

    /// <summary>A constant; it becomes part of the graph by being used.</summary>
    public Tensor AddConstant(string constantName, TensorData data, Quantization? quantization = null) =>
        new(names.Make(constantName), data, quantization);

    /// <summary>A constant vector of 32-bit integers, as axes, shapes and paddings are passed.</summary>
    public Tensor AddIntegers(string constantName, params ReadOnlySpan<int> values) =>
        AddConstant(constantName, TensorData.Vector(values));

    /// <summary>Adds a node with one result.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="outputName">Name of the result; made unique.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="operands">Its inputs; null for an optional one left out.</param>
    /// <exception cref="InvalidGraphException">The operands do not suit the operator.</exception>
    public Tensor Add(Operator op, string outputName, Source source, params ReadOnlySpan<Tensor?> operands) =>
        AddMany(op, [outputName], source, operands)[0];

    /// <summary>Adds a node with as many results as names are given.</summary>
    /// <exception cref="InvalidGraphException">The operands do not suit the operator.</exception>
    public ImmutableArray<Tensor> AddMany(Operator op, ReadOnlySpan<string> outputNames, Source source,
        params ReadOnlySpan<Tensor?> operands)
    {
        ImmutableArray<TensorType> types = ShapeInference.Infer(op, [.. operands], outputNames.Length);
        var results = ImmutableArray.CreateBuilder<Tensor>(types.Length);
        for (int i = 0; i < types.Length; i++)
            results.Add(new Tensor(names.Make(outputNames[i]), types[i].Type, types[i].Shape, types[i].Quantization));
        AddNode(new Node(op, [.. operands], results.ToImmutable(), source));
        return results.ToImmutable();
    }

    /// <summary>Adds a CAST, QUANTIZE or DEQUANTIZE, whose result's type the operator does not say: x's shape, the type given.</summary>
    public Tensor AddConversion(Operator op, string outputName, ElementType type, Quantization? quantization, Source source, Tensor x)
    {
        Tensor result = new(names.Make(outputName), type, x.Shape, quantization);
        AddNode(new Node(op, [x], [result], source));
        return result;
    }

    /// <summary>Adds a node whose results are already made, for results with a quantization or a shape of their own.</summary>
    public void AddNode(Node node) => nodes.Add(node);

    /// <summary>A name that no tensor made by this builder has: the given one, or it with a number behind.</summary>
    public string MakeName(string wanted) => names.Make(wanted);

    /// <summary>Makes a tensor an output of the graph.</summary>
    public void AddOutput(Tensor tensor) => outputs.Add(tensor);

    /// <summary>The graph built so far.</summary>
    public Graph Build() => new(name, nodes.ToImmutable(), inputs.ToImmutable(), outputs.ToImmutable());
}
