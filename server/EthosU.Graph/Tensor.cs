using System.Collections.Immutable;

namespace EthosU.Graphs;

/// <summary>
/// A value that flows between nodes, or a constant. Immutable; a tensor's identity is the reference: two tensors of equal
/// content are two tensors.
/// </summary>
public sealed class Tensor
{
    /// <summary>A tensor computed at run time, or an input of the graph.</summary>
    public Tensor(string name, ElementType type, Shape shape, Quantization? quantization = null)
    {
        Name = name;
        Type = type;
        Shape = shape;
        Quantization = quantization;
    }

    /// <summary>A constant.</summary>
    public Tensor(string name, TensorData data, Quantization? quantization = null)
        : this(name, data.Type, data.Shape, quantization) => Data = data;

    /// <summary>The user's name for it: that of the ONNX value, or one derived from it.</summary>
    public string Name { get; }

    /// <summary>Element type.</summary>
    public ElementType Type { get; }

    /// <summary>Sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>How integers stand for real numbers; null if they do not.</summary>
    public Quantization? Quantization { get; }

    /// <summary>The value of a constant; null for all other tensors.</summary>
    public TensorData? Data { get; }

    /// <summary>True if the value persists from one inference to the next (recurrent state); it starts as the zero point.</summary>
    public bool IsVariable { get; init; }

    /// <summary>Axes whose size the file leaves open until run time; the shape has a placeholder there.</summary>
    public ImmutableArray<int> OpenAxes { get; init; } = [];

    /// <summary>Value range recorded beside the quantization; null where unknown. Runtimes ignore it.</summary>
    public (float Min, float Max)? Range { get; init; }

    /// <summary>
    /// Name of the value of the source model whose elements this tensor holds, in whatever order; null where there is none.
    /// Calibration asks for ranges by this name.
    /// </summary>
    public string? Origin { get; init; }

    /// <summary>True for a constant.</summary>
    public bool IsConstant => Data is not null;

    /// <summary>A copy under another name.</summary>
    public Tensor WithName(string name) => Copy(name, Type, Shape, Quantization);

    /// <summary>A copy of another element type and quantization; not for constants, whose data would not fit.</summary>
    /// <exception cref="InvalidOperationException">This is a constant.</exception>
    public Tensor WithType(ElementType type, Quantization? quantization) => IsConstant
        ? throw new InvalidOperationException($"constant '{Name}' cannot change its type without its data")
        : Copy(Name, type, Shape, quantization);

    /// <summary>A copy of another shape of as many elements if this is a constant, of any shape otherwise.</summary>
    public Tensor WithShape(Shape shape) => Copy(Name, Type, shape, Quantization);

    /// <summary>A copy with another quantization.</summary>
    public Tensor WithQuantization(Quantization? quantization) => Copy(Name, Type, Shape, quantization);

    /// <summary>Name, type and shape: <c>x int8[1, 32, 32, 3]</c>.</summary>
    public override string ToString() => $"{Name} {Type.DisplayName()}{Shape}";

    /// <summary>A copy that holds the elements of another value of the source model.</summary>
    public Tensor WithOrigin(string? origin) =>
        IsConstant ? this
        : new Tensor(Name, Type, Shape, Quantization) { IsVariable = IsVariable, Range = Range, Origin = origin, OpenAxes = OpenAxes };

    private Tensor Copy(string name, ElementType type, Shape shape, Quantization? quantization) => Data is null
        ? new Tensor(name, type, shape, quantization) { IsVariable = IsVariable, Range = Range, Origin = Origin, OpenAxes = shape == Shape
        ? OpenAxes : [] }
        : new Tensor(name, shape == Data.Shape ? Data
        : Data.Reshape(shape), quantization) { IsVariable = IsVariable, Range = Range, Origin = Origin };
}
