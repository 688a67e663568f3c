using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Onnx.Proto;

namespace EthosU.Onnx;

/// <summary>Imports one model: its inputs, constants and nodes, functions inlined, and its outputs.</summary>
internal sealed class GraphImporter
{
    private const int OldestOpset = 7, NewestOpset = 22, MaxDepth = 32;
    private readonly ModelProto model;
    private readonly string file;
    private readonly OnnxImportOptions options;
    private readonly CancellationToken cancellation;
    private readonly GraphBuilder builder;
    private readonly ImportContext context;
    private readonly TensorLoader loader;
    private readonly List<Finding> problems = [], findings = [];
    private readonly HashSet<string> failed = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string), FunctionProto> functions = [];
    private readonly long opset;
    private int depth;

    public GraphImporter(ModelProto model, string file, OnnxImportOptions options, CancellationToken cancellation)
    {
        this.model = model;
        this.file = file;
        this.options = options;
        this.cancellation = cancellation;
        builder = new(model.Graph.Name);
        loader = new(file);
        context = new(builder) { ImportSubgraph = ImportSubgraph };
        opset = OpsetOf(model.OpsetImport);
        foreach (FunctionProto function in model.Functions)
            functions[(function.Domain, function.Name)] = function;
    }

    public OnnxModel Import()
    {
        if (opset is < OldestOpset or > NewestOpset)
            findings.Add(new("onnx-opset", FindingSeverity.Warning,
                $"The model uses operator set {opset}; {OldestOpset} to {NewestOpset} are known here.",
                "If something is wrong with the result, export again with opset_version=17.", Source.None));
        HashSet<string> initializers = [.. model.Graph.Initializer.Select(t => t.Name)];
        foreach (ValueInfoProto input in model.Graph.Input)
            if (!initializers.Contains(input.Name))
                AddInput(input);
        LoadInitializers(model.Graph);
        ImportNodes(model.Graph.Node, opset);
        if (problems.Count > 0)
            throw new UnsupportedModelException([.. problems]);
        List<(string, Tensor)> outputs = [];
        foreach (ValueInfoProto output in model.Graph.Output)
        {
            Tensor tensor = context.Lookup(output.Name) ?? throw Error($"output '{output.Name}'", "no node computes it");
            outputs.Add((output.Name, tensor));
        }
        if (outputs.Count == 0)
            throw Error("graph", "it has no output");
        Graph graph = ValueNamer.Apply(builder.Build(), context.Scope, outputs);
        graph.Verify("the import");
        return new(graph, [.. findings], context.Quantizations.ToImmutableDictionary());
    }

    private static long OpsetOf(IEnumerable<OperatorSetIdProto> imports) =>
        imports.FirstOrDefault(import => import.Domain is "" or "ai.onnx")?.Version ?? 1;

    private void AddInput(ValueInfoProto input)
    {
        if (input.Type?.TensorType is not { } type)
            throw Error($"input '{input.Name}'", "only tensors can be inputs");
        var sizes = ImmutableArray.CreateBuilder<int>();
        foreach (var dimension in type.Shape?.Dim ?? [])
        {
            long size = dimension.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue && dimension.DimValue > 0 ? dimension.DimValue : options.BatchSize;
            if (size > int.MaxValue)
                throw Error($"input '{input.Name}'", $"a size of {size} is too large");
            sizes.Add((int)size);
        }
        for (int axis = 1; axis < sizes.Count; axis++)
            if (type.Shape!.Dim[axis].ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam)
                findings.Add(new("onnx-symbolic-size", FindingSeverity.Warning,
                    $"Axis {axis} of input '{input.Name}' has no fixed size ('{type.Shape.Dim[axis].DimParam}'); it is taken as {options.BatchSize}.",
                    "Export with fixed sizes: leave dynamic_axes out.", Source.None) { Tensor = input.Name });
        try
        {
            context.Scope[input.Name] = builder.AddInput(input.Name, TensorLoader.TypeOf(type.ElemType), new Shape(sizes.ToImmutable()));
        }
        catch (UnsupportedNodeException e)
        {
            throw Error($"input '{input.Name}'", e.Message);
        }
    }

    private void LoadInitializers(GraphProto graph)
    {
        foreach (TensorProto tensor in graph.Initializer)
            context.Scope[tensor.Name] = new Tensor(tensor.Name, loader.Load(tensor, "constant"));
    }

    private Tensor[] ImportSubgraph(GraphProto graph)
    {
        if (++depth > MaxDepth)
            throw Error("graph", "subgraphs or functions are nested too deeply");
        (OnnxNode outer, Source source) = (context.Node, context.Source);
        context.OpenScope();
        LoadInitializers(graph);
        ImportNodes(graph.Node, outer.Opset);
        Tensor[] outputs = [.. graph.Output.Select(output => context.Lookup(output.Name) ?? throw new FailedInputException())];
        context.CloseScope();
        (context.Node, context.Source) = (outer, source);
        depth--;
        return outputs;
    }

    /// <summary>Imports nodes in an order in which they can run, whatever their order in the file.</summary>
    private void ImportNodes(IReadOnlyList<NodeProto> nodes, long version)
    {
        HashSet<string> produced = [.. nodes.SelectMany(node => node.Output).Where(name => name.Length > 0)];
        List<NodeProto> waiting = [.. nodes];
        while (waiting.Count > 0)
        {
            List<NodeProto> later = [];
            foreach (NodeProto node in waiting)
            {
                cancellation.ThrowIfCancellationRequested();
                string? missing = node.Input.FirstOrDefault(name => name.Length > 0 && context.Lookup(name) is null);
                if (missing is null)
                    ImportNode(node, version);
                else if (node.Input.Any(failed.Contains))
                    failed.UnionWith(node.Output);
                else if (produced.Contains(missing))
                    later.Add(node);
                else
                    throw Error($"node '{Describe(node)}'", $"its input '{missing}' is neither an input, nor a constant, nor computed by a node");
            }
            if (later.Count == waiting.Count)
                throw Error($"node '{Describe(later[0])}'", "the nodes form a cycle");
            waiting = later;
        }
    }

    private void ImportNode(NodeProto proto, long version)
    {
        Source source = SourceReader.Read(proto);
        try
        {
            context.Node = new OnnxNode(proto, version, loader);
            context.Source = source;
            if (functions.TryGetValue((proto.Domain, proto.OpType), out FunctionProto? function))
            {
                Inline(function, context.Node);
                return;
            }
            if (proto.Domain is not ("" or "ai.onnx" or "com.microsoft") || OperatorImporters.Find(proto.OpType) is not { } importer)
                throw new UnsupportedNodeException($"The operator {(proto.Domain.Length > 0 ? proto.Domain + "." : "")}{proto.OpType} cannot be expressed in TensorFlow Lite.",
                    OperatorImporters.AdviceFor(proto.OpType));
            importer(context);
        }
        catch (UnsupportedNodeException e)
        {
            problems.Add(new("onnx-unsupported", FindingSeverity.Error, e.Message, e.Advice, source) { Operator = proto.OpType });
            failed.UnionWith(proto.Output);
        }
        catch (FailedInputException)
        {
            failed.UnionWith(proto.Output);
        }
        catch (InvalidOperationException e)
        {
            problems.Add(new("onnx-unsupported", FindingSeverity.Error, $"Its operands are not what the operator asks for ({e.Message}).", "Check the exported model.", source) { Operator = proto.OpType });
            failed.UnionWith(proto.Output);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException or InvalidGraphException)
        {
            throw new ModelFormatException(file, $"node '{Describe(proto)}'", $"its attributes or shapes are not possible ({e.Message})", e);
        }
    }

    private void Inline(FunctionProto function, OnnxNode call)
    {
        Tensor?[] arguments = [.. function.Input.Select((_, i) => context.TryInput(i))];
        GraphProto body = new();
        foreach (NodeProto node in function.Node)
        {
            NodeProto copy = node.Clone();
            foreach (AttributeProto attribute in copy.Attribute.Where(a => a.RefAttrName.Length > 0).ToArray())
            {
                copy.Attribute.Remove(attribute);
                AttributeProto? given = call.Proto.Attribute.FirstOrDefault(a => a.Name == attribute.RefAttrName)
                    ?? function.AttributeProto.FirstOrDefault(a => a.Name == attribute.RefAttrName);
                if (given is null)
                    continue;
                given = given.Clone();
                given.Name = attribute.Name;
                copy.Attribute.Add(given);
            }
            if (copy.MetadataProps.Count == 0)
                copy.MetadataProps.Add(call.Proto.MetadataProps);
            body.Node.Add(copy);
        }
        if (++depth > MaxDepth)
            throw Error($"function '{function.Name}'", "functions call each other too deeply");
        context.OpenScope();
        for (int i = 0; i < arguments.Length; i++)
            if (arguments[i] is { } argument)
                context.Scope[function.Input[i]] = argument;
        ImportNodes(body.Node, OpsetOf(function.OpsetImport));
        Tensor?[] results = [.. function.Output.Select(context.Lookup)];
        context.CloseScope();
        depth--;
        context.Node = call;
        for (int i = 0; i < results.Length && i < call.Proto.Output.Count; i++)
        {
            if (results[i] is { } result)
                context.Output(i, result);
            else
                failed.Add(call.Proto.Output[i]);
        }
    }

    private static string Describe(NodeProto node) => node.Name.Length > 0 ? node.Name : $"{node.OpType} → {string.Join(", ", node.Output)}";

    private ModelFormatException Error(string where, string expected) => new(file, where, expected);

    /// <summary>A value that is missing because the node that computes it was refused already.</summary>
    private sealed class FailedInputException : Exception;
}
