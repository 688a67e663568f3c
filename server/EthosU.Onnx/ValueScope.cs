using EthosU.Graphs;

namespace EthosU.Onnx;

/// <summary>The values that are known by name inside a graph, a subgraph or a function.</summary>
/// <param name="outer">Where names that are not found here are looked for; null at the outside and for functions, which see nothing
/// else.</param>
internal sealed class ValueScope(ValueScope? outer)
{
    public ValueScope? Outer => outer;

    public Dictionary<string, Tensor> Tensors { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Tensor[]> Sequences { get; } = new(StringComparer.Ordinal);

    public Tensor? FindTensor(string name)
    {
        for (ValueScope? scope = this; scope is not null; scope = scope.Outer)
            if (scope.Tensors.TryGetValue(name, out Tensor? tensor))
                return tensor;
        return null;
    }

    public Tensor[]? FindSequence(string name)
    {
        for (ValueScope? scope = this; scope is not null; scope = scope.Outer)
            if (scope.Sequences.TryGetValue(name, out Tensor[]? sequence))
                return sequence;
        return null;
    }
}
