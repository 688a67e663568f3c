using EthosU.Graphs;
using EthosU.Onnx.Proto;

namespace EthosU.Onnx;

/// <summary>The functions that a model brings along.</summary>
internal sealed class FunctionTable
{
    private readonly Dictionary<Key, FunctionProto> functions = [];

    /// <summary>Takes up a model's functions.</summary>
    /// <exception cref="ModelFormatException">Two have one name, or one calls itself, directly or through others.</exception>
    public FunctionTable(IReadOnlyCollection<FunctionProto> all, string file)
    {
        foreach (FunctionProto function in all)
            if (!functions.TryAdd(new(function.Domain, function.Name, function.Overload), function))
                throw new ModelFormatException(file, $"function '{NameOf(function)}'", "two functions have this name");
        if (FindRecursive() is { } recursive)
            throw new ModelFormatException(file, $"function '{NameOf(recursive)}'",
                "it calls itself, directly or through others, so that it would never end");
    }

    /// <summary>The function that a node calls; null if it is an operator.</summary>
    public FunctionProto? Find(NodeProto node) => functions.GetValueOrDefault(Key.Of(node));

    /// <summary>
    /// A node of a function's body with the call's attributes, and named and traced as the call where it has nothing of its own.
    /// </summary>
    public static NodeProto Instantiate(NodeProto node, FunctionProto function, NodeProto call)
    {
        // Tensors and graphs are shared.
        NodeProto copy =
            new() { OpType = node.OpType, Domain = node.Domain, Overload = node.Overload, Name = node.Name, DocString = node.DocString };
        copy.Input.Add(node.Input);
        copy.Output.Add(node.Output);
        copy.MetadataProps.Add(node.MetadataProps);
        foreach (AttributeProto attribute in node.Attribute)
        {
            if (attribute.RefAttrName.Length == 0)
            {
                copy.Attribute.Add(attribute);
                continue;
            }
            AttributeProto? given = call.Attribute.FirstOrDefault(a => a.Name == attribute.RefAttrName)
                ?? function.AttributeProto.FirstOrDefault(a => a.Name == attribute.RefAttrName);
            if (given is not null)
                copy.Attribute.Add(Renamed(given, attribute.Name));
        }
        copy.Name = $"{(call.Name.Length > 0 ? call.Name : call.OpType)}/{(copy.Name.Length > 0 ? copy.Name : copy.OpType)}";
        if (copy.MetadataProps.Count == 0)
            copy.MetadataProps.Add(call.MetadataProps);
        if (copy.DocString.Length == 0)
            copy.DocString = call.DocString;
        return copy;
    }

    /// <summary>Arguments that the call leaves out are left out inside too.</summary>
    public static List<NodeProto> DropAbsent(List<NodeProto> body, FunctionProto function, Tensor?[] arguments)
    {
        HashSet<string> absent = [.. function.Input.Where((_, i) => arguments[i] is null)];
        if (absent.Count > 0)
            foreach (NodeProto node in body)
                for (int i = 0; i < node.Input.Count; i++)
                    if (absent.Contains(node.Input[i]))
                        node.Input[i] = "";
        return body;
    }

    /// <summary>
    /// A function that calls itself: one of those that remain when all that call only functions which end are taken away, again and again.
    /// </summary>
    private FunctionProto? FindRecursive()
    {
        Dictionary<Key, HashSet<Key>> calls = functions.ToDictionary(static pair => pair.Key, pair => Called(pair.Value.Node).ToHashSet());
        ILookup<Key, Key> callers = calls.SelectMany(static pair => pair.Value, static (pair, callee) => (Caller: pair.Key, Callee: callee))
            .ToLookup(static call => call.Callee, static call => call.Caller);
        Dictionary<Key, int> open = calls.ToDictionary(static pair => pair.Key, static pair => pair.Value.Count);
        Queue<Key> ended = new(open.Where(static pair => pair.Value == 0).Select(static pair => pair.Key));
        while (ended.TryDequeue(out Key function))
        {
            open.Remove(function);
            foreach (Key caller in callers[function])
                if (--open[caller] == 0)
                    ended.Enqueue(caller);
        }
        if (open.Count == 0)
            return null;
        HashSet<Key> seen = [];
        Key next = open.Keys.First();
        while (seen.Add(next))
            next = calls[next].First(open.ContainsKey);
        return functions[next];
    }

    private IEnumerable<Key> Called(IEnumerable<NodeProto> nodes)
    {
        foreach (NodeProto node in nodes)
        {
            if (functions.ContainsKey(Key.Of(node)))
                yield return Key.Of(node);
            foreach (AttributeProto attribute in node.Attribute)
                if (attribute.G is { } graph)
                    foreach (Key key in Called(graph.Node))
                        yield return key;
        }
    }

    /// <summary>An attribute under another name; tensors and graphs are shared.</summary>
    private static AttributeProto Renamed(AttributeProto given, string name)
    {
        if (given.Name == name)
            return given;
        AttributeProto copy = new() { Name = name, Type = given.Type, F = given.F, I = given.I, S = given.S };
        if (given.T is not null)
            copy.T = given.T;
        if (given.G is not null)
            copy.G = given.G;
        copy.Floats.Add(given.Floats);
        copy.Ints.Add(given.Ints);
        copy.Strings.Add(given.Strings);
        return copy;
    }

    private static string NameOf(FunctionProto function) =>
        function.Domain.Length == 0 ? function.Name : $"{function.Domain}.{function.Name}";

    private readonly record struct Key(string Domain, string Name, string Overload)
    {
        public static Key Of(NodeProto node) => new(node.Domain, node.OpType, node.Overload);
    }
}
