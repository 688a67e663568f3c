using EthosU.Graphs;
using EthosU.Import;
using EthosU.Interpreter;
using EthosU.Onnx.Proto;

namespace EthosU.Onnx;

/// <summary>The graph under construction and the node being imported: operands and results by name, quantized values.</summary>
/// <param name="builder">Takes the nodes.</param>
/// <param name="budget">What may be spent on computing constants.</param>
internal sealed class ImportContext(GraphBuilder builder, FoldingBudget budget) : GraphEmitter(builder, budget, OnnxFrontEnd)
{
    private readonly Dictionary<string, int> storedTypes = new(StringComparer.Ordinal);
    private ValueScope scope = new(null);
    private ValueScope? main;

    /// <summary>The words of findings on ONNX models.</summary>
    public static FrontEnd OnnxFrontEnd { get; } = new()
    {
        UnsupportedRule = "onnx-unsupported",
        RecurrentStateRule = "onnx-recurrent-state",
        ConstantAdvice = "Export with fixed shapes, so that such values are constants (torch.onnx.export without dynamic axes; no shapes "
            + "computed from values).",
        ShapeAdvice = "Check the exported model with ONNX Runtime; if it runs there, report this.",
        TypeAdvice = "Let the model compute with float32, or quantize with QuantizeLinear, DequantizeLinear and the QLinear operators.",
    };

    /// <summary>The node being imported.</summary>
    public OnnxNode Node { get; private set; } = null!;

    /// <summary>Quantization that the model brings along, by value name.</summary>
    public Dictionary<string, Quantization> Quantizations { get; } = new(StringComparer.Ordinal);

    /// <summary>How the quantized values of the main graph that stand for reals are stored, by name.</summary>
    public Dictionary<string, StoredForm> Forms { get; } = new(StringComparer.Ordinal);

    /// <summary>Who reads which value.</summary>
    public required ValueUses Uses { get; init; }

    /// <summary>
    /// Imports the nodes of a subgraph in a scope of its own, its inputs bound to the tensors given, and gives its outputs.
    /// </summary>
    public required Func<GraphProto, IReadOnlyList<Tensor>, Tensor[]> ImportSubgraph { get; init; }

    public int InputCount => Node.Proto.Input.Count;

    public int OutputCount => Node.Proto.Output.Count;

    public Dictionary<string, Tensor> Scope => scope.Tensors;

    /// <summary>Makes a node the one being imported.</summary>
    public void Enter(OnnxNode node)
    {
        Node = node;
        At = node.Origin;
    }

    public Tensor? Lookup(string name) => scope.FindTensor(name);

    public bool IsKnown(string name) => scope.FindTensor(name) is not null || scope.FindSequence(name) is not null;

    /// <summary>True outside subgraphs and functions, where names are their own.</summary>
    public bool InMainGraph => main is null || scope == main;

    /// <summary>True if a quantized value can be imported as the reals that it stands for.</summary>
    public bool StandsForReals(string name) => InMainGraph && Uses.StandsForReals(name);

    /// <summary>Notes the type of a constant's elements in the file.</summary>
    public void NoteType(string name, int onnxType) => storedTypes[name] = onnxType;

    /// <summary>The type of a constant's elements in the file, by its number in ONNX; 0 where several are possible.</summary>
    public int StoredType(string name, Tensor tensor) => storedTypes.TryGetValue(name, out int type) ? type
        : tensor.Type switch { ElementType.UInt8 => 2, ElementType.Int8 => 3, _ => 0 };

    public void OpenScope()
    {
        main ??= scope;
        scope = new(scope);
    }

    public void CloseScope() => scope = scope.Outer!;

    /// <summary>Opens a scope that sees nothing of the others; gives the one to return to.</summary>
    public ValueScope OpenFunctionScope()
    {
        ValueScope caller = scope;
        main ??= scope;
        scope = new(null);
        return caller;
    }

    public void ReturnTo(ValueScope caller) => scope = caller;

    public bool HasInput(int index) => index < InputCount && Node.Proto.Input[index].Length > 0;

    public Tensor Input(int index) => TryInput(index)
        ?? throw new UnsupportedOperatorException($"Input {index} is missing.", "Export the model again; the file is not complete.");

    /// <summary>An operand of at least so many axes.</summary>
    public Tensor InputOfRank(int index, int leastRank) => Input(index) is var x && x.Shape.Rank >= leastRank ? x
        : throw new UnsupportedOperatorException($"Input {index} is {x.Shape}; at least {leastRank} axes are expected.",
            "Check the exported model.");

    public Tensor? TryInput(int index) => HasInput(index) ? Lookup(Node.Proto.Input[index]) : null;

    /// <summary>The elements of an input that is a sequence.</summary>
    public Tensor[] Sequence(int index) => HasInput(index) && scope.FindSequence(Node.Proto.Input[index]) is { } sequence
        ? sequence
        : throw new UnsupportedOperatorException($"Input {index} is no sequence.", "Export the model again; the file is not complete.");

    public bool WantsOutput(int index) => index < OutputCount && Node.Proto.Output[index].Length > 0;

    /// <summary>Makes a tensor the value of the node's output.</summary>
    public void Output(int index, Tensor tensor)
    {
        if (WantsOutput(index))
            scope.Tensors[Node.Proto.Output[index]] = tensor;
    }

    public void OutputSequence(int index, Tensor[] sequence)
    {
        if (WantsOutput(index))
            scope.Sequences[Node.Proto.Output[index]] = sequence;
    }

    /// <summary>
    /// The constant integers of an input, or of the attribute that held them in older operator sets; null if neither is there.
    /// </summary>
    public int[]? ReadIntegers(int index, string? attribute = null)
    {
        if (attribute is not null && Node.Ints(attribute) is { } values)
            return values;
        if (TryInput(index) is not { } tensor)
            return null;
        return Constant(tensor, attribute ?? $"input {index}").ToInt32Array();
    }

    /// <summary>The same where they must be there.</summary>
    public int[] Integers(int index, string attribute) => ReadIntegers(index, attribute)
        ?? throw new UnsupportedOperatorException($"It has no {attribute}.", "Export the model again; the file is not complete.");

    /// <summary>The constant integer of an input, or of the attribute that held it in older operator sets.</summary>
    public int Integer(int index, string attribute) => First(Integers(index, attribute), attribute);

    /// <summary>The constant number of an input.</summary>
    public float Number(int index, string what) => First(Constant(Input(index), what).ToFloatArray(), what);

    /// <summary>True if the constant of an input is not 0.</summary>
    public bool Truth(int index, string what) => First(Constant(Input(index), what).ToInt64Array(), what) != 0;

    /// <summary>The first of some numbers, of which there must be one.</summary>
    public static T First<T>(T[] numbers, string what) => numbers.Length > 0 ? numbers[0]
        : throw new UnsupportedOperatorException($"Its {what} is empty.", "Check the exported model.");
}
