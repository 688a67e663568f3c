using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Reading;

/// <summary>Reads what inputs and outputs of the outermost graph are, and what the user calls them (pt2-format 3 and 4).</summary>
internal sealed class SignatureReader
{
    private readonly ProgramGraph graph;
    private readonly JsonNode signature, module;
    private readonly Func<string, StoredTensor?> weights, constants;
    private readonly Dictionary<string, StoredTensor> values = new(StringComparer.Ordinal);
    private readonly List<Finding> problems = [];

    /// <summary>For a program.</summary>
    /// <param name="graph">Its graph.</param>
    /// <param name="module">What holds the graph in the file.</param>
    /// <param name="weights">Finds parameters and buffers.</param>
    /// <param name="constants">Finds constants.</param>
    public SignatureReader(ProgramGraph graph, JsonNode module, Func<string, StoredTensor?> weights, Func<string, StoredTensor?> constants)
    {
        (this.graph, this.module, signature) = (graph, module, module["signature"]);
        (this.weights, this.constants) = (weights, constants);
    }

    /// <summary>Values of parameters, buffers and constants that were read, by their names in the module.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Values => values;

    /// <summary>Inputs and outputs.</summary>
    /// <exception cref="ModelFormatException">Signature and graph contradict each other, or a value is missing.</exception>
    /// <exception cref="UnsupportedModelException">It is the signature of a training step, or takes what is no tensor.</exception>
    public (ImmutableArray<ProgramInput> Inputs, ImmutableArray<ProgramOutput> Outputs) Read()
    {
        JsonNode[] inputs = [.. signature["input_specs"].Items()], outputs = [.. signature["output_specs"].Items()];
        if (inputs.Length != graph.Inputs.Length || outputs.Length != graph.Outputs.Length)
            throw signature.Source.Problem($"the signature has {inputs.Length} inputs and {outputs.Length} outputs, "
                + $"but the graph has {graph.Inputs.Length} and {graph.Outputs.Length}");
        (ImmutableArray<string?> given, ImmutableArray<string> results) = Paths();
        List<ProgramInput> read = [];
        int user = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            signature.Source.Where = $"input {i} of the signature";
            JsonNode spec = inputs[i].Single();
            string? path = spec.Name is "user_input" or "constant_input" && user < given.Length ? given[user] : null;
            user += spec.Name is "user_input" or "constant_input" ? 1 : 0;
            read.Add(Input(spec, graph.Inputs[i], path));
        }
        List<ProgramOutput> made = [];
        int result = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            signature.Source.Where = $"output {i} of the signature";
            JsonNode spec = outputs[i].Single();
            string path = spec.Name == "user_output" && result < results.Length ? results[result]
                : result.ToString(System.Globalization.CultureInfo.InvariantCulture);
            result += spec.Name == "user_output" ? 1 : 0;
            made.Add(Output(spec, graph.Outputs[i], path));
        }
        signature.Source.Where = "";
        return problems.Count == 0 ? ([.. read], [.. made]) : throw new UnsupportedModelException([.. problems]);
    }

    private ProgramInput Input(JsonNode spec, Argument argument, string? path)
    {
        switch (spec.Name)
        {
            case "parameter":
                return Stored(spec, argument, "parameter_name", isBuffer: false, isConstant: false);
            case "buffer":
                return Stored(spec, argument, "buffer_name", isBuffer: true,
                    isConstant: spec.Find("persistent") is { } kept && !kept.Truth());
            case "tensor_constant":
                return Stored(spec, argument, "tensor_constant_name", isBuffer: false, isConstant: true);
            case "user_input" when Same(spec["arg"], argument) is Argument.TensorValue value:
                return new ProgramInput.User(value.Name, path ?? value.Name);
            case "user_input" when argument is not Argument.Symbol and not Argument.Unknown:
            case "constant_input":
                return new ProgramInput.Fixed();
            default:
                problems.Add(new("torch-input", FindingSeverity.Error,
                    $"Input '{path ?? spec.Name}' is no tensor: a free number or an object ({spec.Name}).",
                    "Make it a tensor, or a number that is fixed at export.", Source.None));
                return new ProgramInput.Fixed();
        }
    }

    private ProgramInput.Stored Stored(JsonNode spec, Argument argument, string field, bool isBuffer, bool isConstant)
    {
        string name = RequireName(ArgumentReader.NameOf(spec["arg"]), argument, spec), qualified = spec[field].Identifier();
        if (!values.ContainsKey(qualified))
            values.Add(qualified, Value(qualified, isConstant));
        (TensorMeta meta, StoredTensor stored) = (graph.Tensors[name], values[qualified]);
        if (meta.Type != stored.Type || meta.Sizes.Length != stored.Sizes.Length
            || meta.Sizes.Zip(stored.Sizes).Any(static pair => pair.First.Expression is not SizeExpression.Number number
                || number.Value != pair.Second))
            throw spec.Source.Problem($"the value of '{NameLimit.Shorten(qualified)}' has another type or other sizes than the graph says");
        return new(name, qualified, isBuffer);
    }

    private StoredTensor Value(string qualified, bool isConstant)
    {
        StoredTensor found = (isConstant ? constants(qualified) ?? weights(qualified) : weights(qualified) ?? constants(qualified))
            ?? throw signature.Source.Problem($"the file has no value for '{NameLimit.Shorten(qualified)}'");
        return StorageCheck.Problem(found) is { } problem
            ? throw signature.Source.Problem($"the value of '{NameLimit.Shorten(qualified)}' is damaged: {problem}") : found;
    }

    private ProgramOutput Output(JsonNode spec, Argument argument, string path)
    {
        switch (spec.Name)
        {
            case "user_output":
                return new ProgramOutput.User(Same(spec["arg"], argument), path);
            case "buffer_mutation":
                return new ProgramOutput.BufferMutation(RequireName(ArgumentReader.NameOf(spec["arg"]), argument, spec),
                    spec["buffer_name"].Identifier());
            case "user_input_mutation":
                return new ProgramOutput.InputMutation(RequireName(ArgumentReader.NameOf(spec["arg"]), argument, spec),
                    spec["user_input_name"].Identifier());
            default:
                problems.Add(new("torch-training", FindingSeverity.Error,
                    $"It is a program of a training step: one of its outputs is a {spec.Name.Replace('_', ' ')}.",
                    "Export the network itself: torch.export.export(model.eval(), (example,)).", Source.None));
                return new ProgramOutput.User(new Argument.None(), path);
        }
    }

    /// <summary>The argument of the graph, which the signature repeats.</summary>
    private static Argument Same(JsonNode repeated, Argument argument)
    {
        if (repeated.Single() is { Name: "as_tensor" } tensor)
            RequireName(ArgumentReader.NameOf(tensor), argument, repeated);
        return argument;
    }

    private static string RequireName(string name, Argument argument, JsonNode spec) =>
        argument is Argument.TensorValue value && value.Name == name ? name
            : throw spec.Source.Problem($"the signature names '{NameLimit.Shorten(name)}', the graph another value");

    /// <summary>Paths of user inputs and outputs; names of the graph stand for those that the file does not tell.</summary>
    private (ImmutableArray<string?> Inputs, ImmutableArray<string> Outputs) Paths()
    {
        JsonNode? called = module.Find("module_call_graph")?.Items()
            .Where(static entry => entry.Find("fqn")?.Text().Length == 0).Select(static entry => entry.Find("signature")).FirstOrDefault();
        if (called is not { } call)
            return ([], []);
        JsonNode? fields = module.Find("treespec_namedtuple_fields");
        ImmutableArray<string> arguments = call.Find("forward_arg_names") is { } names
            ? [.. names.Items().Select(static name => name.Identifier())] : [];
        return (call.Find("in_spec") is { } given ? TreePaths.OfArguments(given, fields, arguments) : [],
            call.Find("out_spec") is { } made ? TreePaths.OfResult(made, fields) : []);
    }
}
