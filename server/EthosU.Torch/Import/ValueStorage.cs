using EthosU.Graphs;
using EthosU.Import;

namespace EthosU.Torch.Import;

/// <summary>Elements that one or several values are views of; in-place operators change them.</summary>
/// <param name="tensor">The elements.</param>
internal sealed class ValueStorage(Tensor tensor)
{
    /// <summary>The elements as they are now.</summary>
    public Tensor Tensor { get; private set; } = tensor;

    /// <summary>How often they were changed.</summary>
    public int Version { get; private set; }

    /// <summary>Where a parameter, buffer or constant of the file lies; null for others.</summary>
    public string? Qualified { get; init; }

    /// <summary>How its integers stand for reals, where the elements are those reals; null for plain values.</summary>
    public StoredForm? Form { get; init; }

    /// <summary>Replaces the elements.</summary>
    public void Change(Tensor changed)
    {
        Tensor = changed;
        Version++;
    }
}
