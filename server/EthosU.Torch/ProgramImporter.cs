using System.Collections.Immutable;
using System.Globalization;
using EthosU.Graphs;
using EthosU.Import;
using EthosU.Interpreter;
using EthosU.Torch.Import;
using EthosU.Torch.Operators;
using EthosU.Torch.Programs;

namespace EthosU.Torch;

/// <summary>
/// Imports an exported program: its inputs, parameters and nodes, graphs inside operators inlined, and its outputs. In-place operators
/// are functions of what they change (pt2-format 3).
/// </summary>
internal sealed class ProgramImporter
{
    private const int MaxDepth = 32, MaxNodes = 100_000, MaxOutputs = 1_000;
    private readonly ExportedProgram program;
    private readonly string file;
    private readonly TorchImportOptions options;
    private readonly CancellationToken cancellation;
    private readonly HashSet<string> states;
    private readonly GraphBuilder builder;
    private readonly ProgramContext context;
    private readonly InputSizes sizes;
    private readonly List<Finding> problems = [];
    private readonly List<(string Buffer, Tensor Input, ValueStorage Storage, TensorData Initial)> kept = [];
    private int depth, count;

    private ProgramImporter(ExportedProgram program, string file, TorchImportOptions options, HashSet<string> states,
        CancellationToken cancellation)
    {
        (this.program, this.file, this.options, this.states, this.cancellation) = (program, file, options, states, cancellation);
        builder = new(Path.GetFileNameWithoutExtension(file));
        FoldingBudget budget = options.Folding ?? new();
        budget.Allow(program.Values.Values.Select(value => value.Storage.Length).Distinct().Sum(static length => (long)length));
        sizes = new(program, options);
        context = new(builder, budget) { ImportSubgraph = ImportSubgraph };
    }

    /// <summary>Imports a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="file">The file's path, for messages.</param>
    /// <param name="options">Choices.</param>
    /// <param name="cancellation">Stops the import.</param>
    /// <exception cref="ModelFormatException">The program contradicts itself.</exception>
    /// <exception cref="UnsupportedModelException">It holds operators that cannot be expressed; all are named.</exception>
    public static ImportedModel Import(ExportedProgram program, string file, TorchImportOptions? options = null,
        CancellationToken cancellation = default)
    {
        HashSet<string> states = [.. program.Outputs.OfType<ProgramOutput.BufferMutation>().Select(output => output.Buffer)];
        while (true)
        {
            // Which buffers in-place operators change is seen only when they do; then it is done again with those as state.
            ProgramImporter importer = new(program, file, options ?? new(), states, cancellation);
            ImportedModel? model = importer.Import();
            if (model is not null)
                return model;
            states = [.. states, .. importer.context.Changed];
        }
    }

    private ImportedModel? Import()
    {
        ProgramScope scope = new(program.Graph);
        context.Scope = scope;
        foreach ((ProgramInput.User input, ElementType type, Shape shape) in sizes.Read())
            Bind(scope, input.Name, new(new(builder.AddInput(input.Path, type, shape))));
        foreach (ProgramInput.Stored stored in program.Inputs.OfType<ProgramInput.Stored>())
            BindStored(scope, stored);
        ImportNodes(scope);
        if (problems.Count > 0)
            throw new UnsupportedModelException([.. problems]);
        if (context.Changed.Count > 0)
            return null;
        return Finish(scope);
    }

    private static void Bind(ProgramScope scope, string name, Value value) => scope.Values[name] = value;

    private void BindStored(ProgramScope scope, ProgramInput.Stored stored)
    {
        if (!program.Values.TryGetValue(stored.Qualified, out StoredTensor? value))
            throw Error($"input '{stored.Name}'", $"the file has no value for '{stored.Qualified}'");
        if (!scope.Uses.IsRead(stored.Name) && !states.Contains(stored.Qualified))
            return;
        try
        {
            TensorData data = StoredValues.Read(value);
            if (states.Contains(stored.Qualified))
            {
                Tensor input = builder.AddInput(stored.Qualified, data.Type, data.Shape);
                ValueStorage storage = new(input);
                kept.Add((stored.Qualified, input, storage, data));
                Bind(scope, stored.Name, new(storage));
                return;
            }
            Tensor tensor = builder.AddConstant(stored.Qualified, data);
            Bind(scope, stored.Name, new(new(tensor) { Qualified = stored.Qualified }));
        }
        catch (UnsupportedOperatorException e)
        {
            scope.Failed.Add(stored.Name);
            problems.Add(new(context.FrontEnd.UnsupportedRule, FindingSeverity.Error,
                $"The value of '{stored.Qualified}' cannot be used. {e.Message}", e.Advice, Source.None) { Tensor = stored.Qualified });
        }
    }

    private void ImportNodes(ProgramScope scope)
    {
        foreach (ProgramNode node in scope.Graph.Nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            if (++count > MaxNodes)
                throw Error("graph", $"it has more than {MaxNodes} nodes");
            ImportNode(node, scope);
        }
    }

    private void ImportNode(ProgramNode node, ProgramScope scope)
    {
        SourceOperator origin = OriginOf(node);
        foreach (string name in node.Inputs.SelectMany(input => ArgumentNames.Of(input.Value)))
            if (!scope.Values.ContainsKey(name) && !scope.Numbers.ContainsKey(name) && !scope.Failed.Contains(name)
                && !scope.Missing.ContainsKey(name))
                throw Error($"node '{origin.ValueName}'", $"its operand '{name}' is neither an input nor computed by a node before it");
        try
        {
            OperatorImporter importer = OperatorTable.Find(node.Target) ?? throw OperatorTable.WhyUnknown(node.Target);
            context.Enter(node, origin);
            context.Use(importer.Signature);
            importer.Import(context);
            Give(node, scope);
        }
        catch (UnsupportedOperatorException e)
        {
            problems.Add(origin.Refused(context.FrontEnd.UnsupportedRule, e));
            Fail(node, scope);
        }
        catch (FailedValueException)
        {
            Fail(node, scope);
        }
        catch (Exception e) when (ImportFault.IsOfModel(e))
        {
            problems.Add(origin.Refused(context.FrontEnd.UnsupportedRule,
                new($"Its operands are not what the operator asks for ({PlainReason.Of(e)}).", "Check the exported program.")));
            Fail(node, scope);
        }
        catch (Exception e) when (ImportFault.IsOfImporter(e))
        {
            throw new ImportFaultException(origin, e);
        }
    }

    private static void Fail(ProgramNode node, ProgramScope scope) =>
        scope.Failed.UnionWith(node.Outputs.SelectMany(ArgumentNames.Of));

    /// <summary>Makes what an importer gave the values of the node's outputs.</summary>
    private void Give(ProgramNode node, ProgramScope scope)
    {
        string[] names = [.. node.Outputs.Where(static output => output is Argument.TensorValue or Argument.TensorList)
            .SelectMany(ArgumentNames.Of)];
        if (names.Length > context.GivenResults.Count)
            throw new UnsupportedOperatorException(
                $"It gives {context.GivenResults.Count} values, but the program expects {names.Length}.", "Check the exported program.");
        for (int i = 0; i < names.Length; i++)
        {
            if (context.GivenResults[i] is not { } value)
            {
                scope.Missing[names[i]] = $"This result of {context.At.Type} cannot be computed.";
                continue;
            }
            value = Checked(names[i], value, scope);
            Bind(scope, names[i], value);
            Tensor tensor = value.Read(context);
            string name = depth == 0 ? names[i] : $"{context.At.ValueName}/{names[i]}";
            context.Named.TryAdd(name, tensor);
        }
    }

    /// <summary>A value of the type and sizes that the file says it has.</summary>
    private Value Checked(string name, Value value, ProgramScope scope)
    {
        if (!scope.Graph.Tensors.TryGetValue(name, out TensorMeta? meta))
            return value;
        long?[] declared = [.. meta.Sizes.Select(size => sizes.Evaluate(size.Expression))];
        if (declared.Length != value.Shape.Rank || declared.Where((size, axis) => size is { } known && known != value.Shape[axis]).Any())
            throw new UnsupportedOperatorException(
                $"Its result is {value.Shape}, but the file says that '{name}' is [{string.Join(", ", declared.Select(Shown))}].",
                "Check the exported program in PyTorch; if it runs there, report this.");
        if (value.Storage.Form is not null || meta.Type == ScalarType.Unknown || value.Read(context) is var tensor
            && tensor.Type == ElementKinds.Of(meta.Type))
            return value;
        return new(new(context.Convert(tensor, ElementKinds.Of(meta.Type))));

        static string Shown(long? size) => size?.ToString(CultureInfo.InvariantCulture) ?? "?";
    }

    /// <summary>Imports a graph inside an operator.</summary>
    private IReadOnlyList<Value> ImportSubgraph(ProgramGraph graph, IReadOnlyList<Argument> arguments)
    {
        (ProgramScope outer, ProgramNode call, SourceOperator at) = (context.Scope, context.Node, context.At);
        if (graph.Inputs.Length != arguments.Count)
            throw Error($"node '{at.ValueName}'", $"its graph has {graph.Inputs.Length} inputs, {arguments.Count} are given");
        if (++depth > MaxDepth)
            throw Error("graph", $"graphs are nested more than {MaxDepth} deep");
        ProgramScope scope = new(graph);
        try
        {
            for (int i = 0; i < arguments.Count; i++)
            {
                if (graph.Inputs[i] is Argument.TensorValue to && arguments[i] is Argument.TensorValue from)
                    Bind(scope, to.Name, context.Lookup(from.Name));
                else if (graph.Inputs[i] is Argument.Symbol symbol)
                    scope.Numbers[symbol.Name] = arguments[i] is Argument.Symbol given ? context.Resolve(given) : arguments[i];
            }
            context.Scope = scope;
            ImportNodes(scope);
            return [.. graph.Outputs.OfType<Argument.TensorValue>().Select(output => context.Lookup(output.Name))];
        }
        finally
        {
            context.Scope = outer;
            context.Enter(call, at);
            depth--;
        }
    }

    private ImportedModel Finish(ProgramScope scope)
    {
        List<(string Name, Tensor Tensor)> outputs = [];
        UniqueNames names = new();
        foreach (ProgramOutput.User output in program.Outputs.OfType<ProgramOutput.User>())
            if (output.Value is Argument.TensorValue value)
                outputs.Add((names.Make(NameOf(output.Path)), Output(scope, value.Name, output.Path)));
        if (outputs.Count == 0)
            throw Error("graph", "it has no output that is a tensor");
        Dictionary<string, string> mutated = program.Outputs.OfType<ProgramOutput.BufferMutation>()
            .DistinctBy(static output => output.Buffer).ToDictionary(static output => output.Buffer, static output => output.Name);
        List<ImportedState> changed = [];
        foreach ((string buffer, Tensor input, ValueStorage storage, TensorData initial) in kept)
        {
            Tensor tensor = mutated.TryGetValue(buffer, out string? after) ? Output(scope, after, buffer) : storage.Tensor;
            if (tensor.Shape != initial.Shape || tensor.Type != initial.Type)
                throw Error($"buffer '{buffer}'", $"it is {initial.Type.DisplayName()}{initial.Shape}, but becomes {tensor}");
            string name = names.Make($"{buffer}_next");
            outputs.Add((name, tensor));
            changed.Add(new(buffer, input.Name, name, initial));
            bool zero = initial.Bytes.Span.IndexOfAnyExcept((byte)0) < 0;
            context.Findings.Add(new("torch-state", FindingSeverity.Info,
                $"The network changes its buffer '{buffer}'; it goes in as '{input.Name}' and comes out as '{name}'.",
                zero ? "Begin with zeros, and give the output back as the next inference's input."
                    : "Begin with the value that the module has, and give the output back as the next inference's input.", Source.None)
            {
                Tensor = input.Name,
            });
        }
        if (outputs.Count > MaxOutputs)
            throw Error("graph", $"{outputs.Count} outputs are too many");
        foreach (ProgramOutput.InputMutation output in program.Outputs.OfType<ProgramOutput.InputMutation>())
            context.Findings.Add(new("torch-input-changed", FindingSeverity.Info,
                $"The network changes its input '{output.Input}' in place; the changed input is no output here.",
                "Return it if it is wanted.", Source.None) { Tensor = output.Input });
        Graph graph = GraphCompletion.Complete(builder, context.Named, context.IntegerNames, outputs, context.Quantizations,
            context.FrontEnd);
        return new(graph, [.. context.Findings], context.Quantizations.ToImmutableDictionary()) { States = [.. changed] };
    }

    private Tensor Output(ProgramScope scope, string name, string path) => scope.Values.TryGetValue(name, out Value? value)
        ? value.Read(context) : throw Error($"output '{path}'", "no node computes it");

    /// <summary>A bare tensor has no path, and one in a tuple a number.</summary>
    private static string NameOf(string path) =>
        path.Length == 0 ? "output" : char.IsAsciiDigit(path[0]) ? $"output.{path}" : path;

    private static SourceOperator OriginOf(ProgramNode node)
    {
        string value = node.Outputs.SelectMany(ArgumentNames.Of).FirstOrDefault(node.Name);
        string type = OperatorTable.ShortName(node.Target), name = node.Name.Length > 0 ? node.Name : value;
        return new(type, value.Length > 0 ? value : type,
            node.Source with { NodeName = name.Length > 0 ? name : type, OperatorType = type });
    }

    private ModelFormatException Error(string where, string expected) => new(file, where, expected);
}
