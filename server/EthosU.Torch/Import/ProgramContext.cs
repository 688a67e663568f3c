using EthosU.Graphs;
using EthosU.Import;
using EthosU.Interpreter;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Import;

/// <summary>The graph under construction and the node being imported: its arguments by name, and what it gives.</summary>
/// <param name="builder">Takes the nodes.</param>
/// <param name="budget">What may be spent on computing constants.</param>
internal sealed partial class ProgramContext(GraphBuilder builder, FoldingBudget budget) : GraphEmitter(builder, budget, TorchFrontEnd)
{
    /// <summary>Where tensors lie and how; nothing that changes values.</summary>
    private static readonly HashSet<string> WithoutMeaning =
        new(StringComparer.Ordinal) { "device", "layout", "pin_memory", "non_blocking", "memory_format" };

    private readonly List<Value?> results = [];

    /// <summary>The words of findings on exported programs.</summary>
    public static FrontEnd TorchFrontEnd { get; } = new()
    {
        UnsupportedRule = "torch-unsupported",
        RecurrentStateRule = "torch-recurrent-state",
        ConstantAdvice = "Compute it from sizes and constants alone, or give it to the network as a buffer.",
        ShapeAdvice = "Check the exported program in PyTorch; if it runs there, report this.",
        TypeAdvice = "Let the module compute with float32, or quantize it with PT2E.",
    };

    /// <summary>The node being imported.</summary>
    public ProgramNode Node { get; private set; } = null!;

    /// <summary>What is known by name.</summary>
    public ProgramScope Scope { get; set; } = null!;

    /// <summary>The tensors of named values as they were made, for names and origins.</summary>
    public Dictionary<string, Tensor> Named { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of values that hold integers in the program.</summary>
    public HashSet<string> IntegerNames { get; } = new(StringComparer.Ordinal);

    /// <summary>Quantization that the program brings along, by value name.</summary>
    public Dictionary<string, Quantization> Quantizations { get; } = new(StringComparer.Ordinal);

    /// <summary>Scales and zero points that are found at run time, by name.</summary>
    public HashSet<string> Dynamic { get; } = new(StringComparer.Ordinal);

    /// <summary>Buffers and constants of the file that in-place operators changed.</summary>
    public HashSet<string> Changed { get; } = new(StringComparer.Ordinal);

    /// <summary>Imports the nodes of a graph in a scope of its own, its inputs bound to the values given, and gives its outputs.</summary>
    public required Func<ProgramGraph, IReadOnlyList<Argument>, IReadOnlyList<Value>> ImportSubgraph { get; init; }

    /// <summary>The values that the node gives, in order; null for one that is not computed.</summary>
    public IReadOnlyList<Value?> GivenResults => results;

    private OperatorSignature Signature { get; set; } = null!;

    /// <summary>Makes a node the one being imported.</summary>
    public void Enter(ProgramNode node, SourceOperator origin)
    {
        Node = node;
        At = origin;
        results.Clear();
    }

    /// <summary>Sets by which names and defaults the node's arguments are read.</summary>
    /// <exception cref="UnsupportedOperatorException">It has arguments that are not known.</exception>
    public void Use(OperatorSignature signature)
    {
        Signature = signature;
        foreach (NamedArgument argument in Node.Inputs)
            if (argument.Value is not (Argument.None or Argument.Placement) && argument.Name.Length > 0
                && !WithoutMeaning.Contains(argument.Name) && !signature.Has(argument.Name))
                throw new UnsupportedOperatorException($"Its argument '{argument.Name}' is not known here.",
                    "Export with a version of PyTorch that is known, or report this.");
    }

    /// <summary>Takes back what was given.</summary>
    public void ClearResults() => results.Clear();

    /// <summary>Gives a value of its own.</summary>
    public void Result(Tensor tensor) => Result(new Value(new(tensor)));

    /// <summary>Gives a value, which may share its storage with others.</summary>
    public void Result(Value value) => results.Add(value);

    /// <summary>Gives a copy: the same elements in a storage of their own.</summary>
    public void Copy(Value value) => Result(new Value(new(value.Read(this)) { Form = value.Storage.Form }));

    /// <summary>Leaves out a result that cannot be computed; who reads it is refused.</summary>
    public void NoResult() => results.Add(null);

    /// <summary>True if something reads the node's result.</summary>
    public bool Wants(int result) => Node.Outputs.SelectMany(ArgumentNames.Of).ElementAtOrDefault(result) is { } name
        && Scope.Uses.IsRead(name);

    /// <summary>Gives a number, such as a size.</summary>
    public void Number(Argument number)
    {
        foreach (Argument output in Node.Outputs)
            if (output is Argument.Symbol symbol)
                Scope.Numbers[symbol.Name] = number;
    }

    /// <summary>The type of a result as the file has it; unknown where it says nothing.</summary>
    public ScalarType ResultScalar(int result = 0) =>
        Node.Outputs.SelectMany(ArgumentNames.Of).ElementAtOrDefault(result) is { } name
        && Scope.Graph.Tensors.TryGetValue(name, out TensorMeta? meta) ? meta.Type : ScalarType.Unknown;

    /// <summary>The type in which a result is computed; float32 where the file says nothing.</summary>
    public ElementType ResultType(int result = 0) =>
        ResultScalar(result) is var type and not ScalarType.Unknown ? ElementKinds.Of(type) : ElementType.Float32;

    /// <summary>The type of an operand's elements as the file has it.</summary>
    public ScalarType ScalarOf(string name) => Arg(name) is Argument.TensorValue value
        && Scope.Graph.Tensors.TryGetValue(value.Name, out TensorMeta? meta) ? meta.Type : ScalarType.Unknown;
}
