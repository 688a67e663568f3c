using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Import;
using EthosU.Interpreter;
using EthosU.Onnx.Operators;
using EthosU.Onnx.Proto;

namespace EthosU.Onnx;

/// <summary>Imports one model: its inputs, constants and nodes, functions and subgraphs inlined, and its outputs.</summary>
internal sealed class GraphImporter
{
    private const int MaxDepth = 32, MaxNodes = 100_000;
    private readonly ModelProto model;
    private readonly string file;
    private readonly OnnxImportOptions options;
    private readonly CancellationToken cancellation;
    private readonly GraphBuilder builder;
    private readonly ImportContext context;
    private readonly TensorLoader loader;
    private readonly FoldingBudget budget;
    private readonly List<Finding> problems = [], findings = [];
    private readonly HashSet<string> failed = new(StringComparer.Ordinal);
    private readonly FunctionTable functions;
    private readonly OperatorSet set;
    private int depth, count;

    public GraphImporter(ModelProto model, string file, OnnxImportOptions options, CancellationToken cancellation)
    {
        this.model = model;
        this.file = file;
        this.options = options;
        this.cancellation = cancellation;
        builder = new(model.Graph.Name);
        loader = new(file);
        budget = options.Folding ?? new();
        budget.Allow(model.CalculateSize());
        context = new(builder, budget) { ImportSubgraph = ImportSubgraph, Uses = new(model.Graph) };
        set = OperatorSet.Of(model.OpsetImport);
        functions = new(model.Functions, file);
    }

    /// <summary>Gives the importer of an operator; null if it has none.</summary>
    public Func<string, Action<ImportContext>?> FindImporter { get; init; } = OperatorImporters.Find;

    public ImportedModel Import()
    {
        if (!set.IsKnown)
            findings.Add(new("onnx-opset", FindingSeverity.Warning,
                $"The model uses operator set {set.Version}; {OperatorSet.Known} are known here.",
                "Compare the result with the model (ethosu accuracy), or export again with opset_version=17.", Source.None));
        foreach ((string name, ElementType type, Shape shape) in new InputReader(model.Graph, file, options).Read())
            if (!context.Scope.TryAdd(name, builder.AddInput(name, type, shape)))
                throw Error($"input '{name}'", "two inputs have this name");
        LoadInitializers(model.Graph);
        budget.Allow(loader.ExternalBytes);
        ImportNodes(model.Graph.Node, set);
        if (problems.Count > 0)
            throw new UnsupportedModelException([.. problems]);
        List<(string Name, Tensor Tensor)> outputs = [];
        foreach (ValueInfoProto output in model.Graph.Output)
            outputs.Add((output.Name, context.Lookup(output.Name) ?? throw Error($"output '{output.Name}'", "no node computes it")));
        if (outputs.Count == 0)
            throw Error("graph", "it has no output");
        Graph graph = GraphCompletion.Complete(builder, context.Scope, context.Forms.Keys, outputs, context.Quantizations,
            context.FrontEnd);
        return new(graph, [.. findings, .. context.Findings],
            context.Quantizations.ToImmutableDictionary()) { DataFiles = [.. loader.DataFiles] };
    }

    private void LoadInitializers(GraphProto graph)
    {
        HashSet<string>? used = null;
        foreach (TensorProto tensor in graph.Initializer)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                context.NoteType(tensor.Name, tensor.DataType);
                context.Scope[tensor.Name] = new Tensor(tensor.Name, loader.Load(tensor, "constant"));
            }
            catch (UnsupportedOperatorException e)
            {
                used ??= [.. graph.Node.SelectMany(node => node.Input)];
                failed.Add(tensor.Name);
                if (used.Contains(tensor.Name))
                    problems.Add(new("onnx-unsupported", FindingSeverity.Error, $"The constant '{tensor.Name}' cannot be used. {e.Message}",
                        e.Advice, Source.None) { Tensor = tensor.Name });
            }
        }
    }

    /// <summary>Imports the nodes of a subgraph whose inputs have the values given; gives its outputs.</summary>
    private Tensor[] ImportSubgraph(GraphProto graph, IReadOnlyList<Tensor> inputs)
    {
        OnnxNode outer = context.Node;
        if (graph.Input.Count != inputs.Count)
            throw Error($"node '{Describe(outer.Proto)}'", $"its subgraph has {graph.Input.Count} inputs, {inputs.Count} are given");
        Enter("subgraphs");
        context.OpenScope();
        try
        {
            for (int i = 0; i < inputs.Count; i++)
                context.Scope[graph.Input[i].Name] = inputs[i];
            LoadInitializers(graph);
            ImportNodes(graph.Node, outer.Set);
            return [.. graph.Output.Select(output => context.Lookup(output.Name) ?? throw new FailedInputException())];
        }
        finally
        {
            context.CloseScope();
            context.Enter(outer);
            depth--;
        }
    }

    private void ImportNodes(IReadOnlyList<NodeProto> nodes, OperatorSet version)
    {
        foreach (NodeProto node in NodeOrder.Sort(nodes, (node, problem) => Error($"node '{Describe(node)}'", problem)))
        {
            cancellation.ThrowIfCancellationRequested();
            if (node.Input.Any(failed.Contains))
            {
                // Its operands are not known, but whether its operator is can be said all the same.
                if (WhyUnknown(node) is { } e)
                    Refuse(OnnxNode.OriginOf(node), e);
                failed.UnionWith(node.Output);
            }
            else if (node.Input.FirstOrDefault(name => name.Length > 0 && !context.IsKnown(name)) is { } missing)
                throw Error($"node '{Describe(node)}'",
                    $"its input '{missing}' is neither an input, nor a constant, nor computed by a node");
            else
                ImportNode(node, version);
        }
    }

    private void ImportNode(NodeProto proto, OperatorSet version)
    {
        if (++count > MaxNodes)
            throw Error("graph", $"with functions and loops written out it has more than {MaxNodes} nodes");
        OnnxNode node = new(proto, version, loader);
        try
        {
            context.Enter(node);
            if (functions.Find(proto) is { } function)
            {
                Inline(function, node);
                return;
            }
            if (WhyUnknown(proto) is { } unknown)
                throw unknown;
            if (proto.Output.Count == 0)
                throw new UnsupportedOperatorException("It has no output.", "Export the model again; the file is not complete.");
            FindImporter(proto.OpType)!(context);
            QuantizationImport.Moved(context);
        }
        catch (UnsupportedOperatorException e)
        {
            Refuse(node.Origin, e);
            failed.UnionWith(proto.Output);
        }
        catch (FailedInputException)
        {
            failed.UnionWith(proto.Output);
        }
        catch (InvalidOperationException e) when (ImportFault.IsOfModel(e))
        {
            Refuse(node.Origin,
                new($"Its operands are not what the operator asks for ({PlainReason.Of(e)}).", "Check the exported model."));
            failed.UnionWith(proto.Output);
        }
        catch (Exception e) when (ImportFault.IsOfModel(e))
        {
            throw new ModelFormatException(file, $"node '{Describe(proto)}'",
                $"its attributes or shapes are not possible ({PlainReason.Of(e)})", e);
        }
        catch (Exception e) when (ImportFault.IsOfImporter(e))
        {
            throw new ImportFaultException(node.Origin, e);
        }
    }

    private void Refuse(SourceOperator node, UnsupportedOperatorException problem) =>
        problems.Add(node.Refused(context.FrontEnd.UnsupportedRule, problem));

    private void Inline(FunctionProto function, OnnxNode call)
    {
        Tensor?[] arguments = [.. function.Input.Select((_, i) => context.TryInput(i))];
        if ((count += function.Node.Count) > MaxNodes)
            throw Error("graph", $"with functions and loops written out it has more than {MaxNodes} nodes");
        cancellation.ThrowIfCancellationRequested();
        List<NodeProto> body = [.. function.Node.Select(node => FunctionTable.Instantiate(node, function, call.Proto))];
        Enter("functions");
        ValueScope caller = context.OpenFunctionScope();
        Tensor?[] results;
        try
        {
            for (int i = 0; i < arguments.Length; i++)
                if (arguments[i] is { } argument)
                    context.Scope[function.Input[i]] = argument;
            HashSet<string> before = [.. failed];
            failed.Clear(); // names inside a function are its own
            ImportNodes(FunctionTable.DropAbsent(body, function, arguments), OperatorSet.Of(function.OpsetImport));
            results = [.. function.Output.Select(context.Lookup)];
            failed.Clear();
            failed.UnionWith(before);
        }
        finally
        {
            context.ReturnTo(caller);
            context.Enter(call);
            depth--;
        }
        for (int i = 0; i < results.Length && i < call.Proto.Output.Count; i++)
        {
            if (results[i] is { } result)
                context.Output(i, result);
            else
                failed.Add(call.Proto.Output[i]);
        }
    }

    private void Enter(string what)
    {
        if (++depth > MaxDepth)
            throw Error("graph", $"{what} are nested more than {MaxDepth} deep");
    }

    /// <summary>Why there is no importer for the operator of a node; null if there is one.</summary>
    private UnsupportedOperatorException? WhyUnknown(NodeProto node) =>
        functions.Find(node) is not null
        || (node.Domain is "" or "ai.onnx" or "com.microsoft" && FindImporter(node.OpType) is not null)
            ? null
            : new($"The operator {(node.Domain is "" or "ai.onnx" ? "" : node.Domain + ".")}{node.OpType} cannot be expressed in "
                + $"TensorFlow Lite.",
                OperatorImporters.AdviceFor(node.Domain, node.OpType));

    private static string Describe(NodeProto node) =>
        node.Name.Length > 0 ? node.Name : $"{node.OpType} → {string.Join(", ", node.Output)}";

    private ModelFormatException Error(string where, string expected) => new(file, where, expected);

    /// <summary>A value that is missing because the node that computes it was refused already.</summary>
    private sealed class FailedInputException : Exception;
}
