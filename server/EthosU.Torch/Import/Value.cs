using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Import;

namespace EthosU.Torch.Import;

/// <summary>
/// A value of a program: its storage, and what leads from there to its elements (pt2-format 3). Values of one storage change together.
/// </summary>
internal sealed class Value
{
    private readonly ImmutableArray<ViewStep> path;
    private Tensor current;
    private int version;

    /// <summary>A value of its own.</summary>
    public Value(ValueStorage storage)
        : this(storage, [], storage.Tensor, 0, storage.Tensor.Shape.Strides())
    {
    }

    private Value(ValueStorage storage, ImmutableArray<ViewStep> path, Tensor current, long offset, ImmutableArray<long> strides)
    {
        Storage = storage;
        this.path = path;
        this.current = current;
        Offset = offset;
        Strides = strides;
        version = storage.Version;
    }

    /// <summary>The elements that it is a view of.</summary>
    public ValueStorage Storage { get; }

    /// <summary>Its sizes.</summary>
    public Shape Shape => current.Shape;

    /// <summary>Where its first element lies in the storage.</summary>
    public long Offset { get; }

    /// <summary>Distances of neighbours along each axis in the storage, whose own elements lie in row-major order.</summary>
    public ImmutableArray<long> Strides { get; }

    /// <summary>Its elements as they are now.</summary>
    public Tensor Read(GraphEmitter g)
    {
        if (version != Storage.Version)
        {
            current = path.Aggregate(Storage.Tensor, (x, step) => step.Of(g, x));
            version = Storage.Version;
        }
        return current;
    }

    /// <summary>Changes its elements, and with them the storage and all other values of it.</summary>
    public void Write(GraphEmitter g, Tensor changed)
    {
        Tensor[] bases = new Tensor[path.Length];
        Tensor x = Storage.Tensor;
        for (int i = 0; i < path.Length; i++)
        {
            bases[i] = x;
            x = path[i].Of(g, x);
        }
        Tensor y = changed;
        for (int i = path.Length - 1; i >= 0; i--)
            y = path[i].Put(g, bases[i], y);
        Storage.Change(y);
        (current, version) = (changed, Storage.Version);
    }

    /// <summary>A view of it.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="step">What leads from this value to the view.</param>
    /// <param name="offset">Where the view's first element lies behind that of this value, in the storage.</param>
    /// <param name="strides">The view's distances in the storage.</param>
    public Value View(GraphEmitter g, ViewStep step, long offset, ImmutableArray<long> strides) =>
        new(Storage, path.Add(step), step.Of(g, Read(g)), Offset + offset, strides);
}
