using EthosU.Graphs;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Conversion;

/// <summary>
/// Sets of tensors that share one quantization (union-find), each with the range that holds them all or a fixed quantization.
/// </summary>
internal sealed class TensorGroups
{
    private readonly Dictionary<Tensor, Tensor> parents = [];
    private readonly Dictionary<Tensor, ValueRange> ranges = [];
    private readonly Dictionary<Tensor, Quantization> fixedOnes = [];
    private readonly HashSet<Tensor> joined = []; // roots of more than one

    /// <summary>Adds a tensor of its own.</summary>
    public void Add(Tensor tensor, ValueRange range, Quantization? fixedQuantization)
    {
        parents[tensor] = tensor;
        ranges[tensor] = range.WithZero;
        if (fixedQuantization is not null)
            fixedOnes[tensor] = fixedQuantization;
    }

    public bool Contains(Tensor tensor) => parents.ContainsKey(tensor);

    /// <summary>The range of the tensor's group.</summary>
    public ValueRange Range(Tensor tensor) => ranges[Root(tensor)];

    /// <summary>Stretches the range of the tensor's group to hold a value too.</summary>
    public void Widen(Tensor tensor, float value)
    {
        Tensor root = Root(tensor);
        ranges[root] = ranges[root].Union(new(value, value));
    }

    /// <summary>The fixed quantization of the tensor's group, if it has one.</summary>
    public Quantization? Fixed(Tensor tensor) => fixedOnes.GetValueOrDefault(Root(tensor));

    /// <summary>True if no other tensor is in the tensor's group.</summary>
    public bool IsAlone(Tensor tensor) => !joined.Contains(Root(tensor));

    /// <summary>Gives the tensor's group a fixed quantization.</summary>
    public void Fix(Tensor tensor, Quantization quantization) => fixedOnes[Root(tensor)] = quantization;

    /// <summary>Lets two tensors share one quantization; not possible if both have different fixed ones.</summary>
    public bool TryUnite(Tensor a, Tensor b)
    {
        (Tensor x, Tensor y) = (Root(a), Root(b));
        if (x == y)
            return true;
        Quantization? first = fixedOnes.GetValueOrDefault(x), second = fixedOnes.GetValueOrDefault(y);
        if (first is not null && second is not null && !first.Equals(second))
            return false;
        parents[y] = x;
        joined.Add(x);
        ranges[x] = ranges[x].Union(ranges[y]);
        if (second is not null)
            fixedOnes[x] = second;
        return true;
    }

    private Tensor Root(Tensor tensor)
    {
        Tensor root = tensor;
        while (parents[root] is var parent && parent != root)
            root = parent;
        while (parents[tensor] is var parent && parent != root) // the next search is short
            (parents[tensor], tensor) = (root, parent);
        return root;
    }
}
