using System.Collections.Immutable;

namespace EthosU.Torch.Programs;

/// <summary>What an operator is given, or gives (pt2-format 3).</summary>
internal abstract record Argument
{
    /// <summary>A value of the graph by its name.</summary>
    public sealed record TensorValue(string Name) : Argument;

    /// <summary>A list of values; as a result, the parts that an operator gives.</summary>
    public sealed record TensorList(ImmutableArray<string> Names) : Argument;

    /// <summary>A list in which values may be missing (null).</summary>
    public sealed record OptionalTensorList(ImmutableArray<string?> Names) : Argument;

    /// <summary>Nothing, said explicitly.</summary>
    public sealed record None : Argument;

    /// <summary>An integer.</summary>
    public sealed record Integer(long Value) : Argument;

    /// <summary>A real number, infinities and NaN among them.</summary>
    public sealed record Real(double Value) : Argument;

    /// <summary>A truth value.</summary>
    public sealed record Truth(bool Value) : Argument;

    /// <summary>A text.</summary>
    public sealed record Text(string Value) : Argument;

    /// <summary>A list of integers.</summary>
    public sealed record IntegerList(ImmutableArray<long> Values) : Argument;

    /// <summary>A list of real numbers.</summary>
    public sealed record RealList(ImmutableArray<double> Values) : Argument;

    /// <summary>A list of truth values.</summary>
    public sealed record TruthList(ImmutableArray<bool> Values) : Argument;

    /// <summary>A list of texts.</summary>
    public sealed record TextList(ImmutableArray<string> Values) : Argument;

    /// <summary>A size, truth value or number that the graph computes, by its name.</summary>
    public sealed record Symbol(string Name) : Argument;

    /// <summary>A list of sizes, each an <see cref="Integer"/> or a <see cref="Symbol"/>.</summary>
    public sealed record SizeList(ImmutableArray<Argument> Sizes) : Argument;

    /// <summary>A type of elements.</summary>
    public sealed record ElementTypeOf(ScalarType Type) : Argument;

    /// <summary>A memory format, layout or device: without meaning for values.</summary>
    public sealed record Placement(string Form) : Argument;

    /// <summary>A graph of its own, with names of its own.</summary>
    public sealed record Subgraph(ProgramGraph Graph) : Argument;

    /// <summary>A form that is not known here, by its name in the file; refused where an operator uses it.</summary>
    public sealed record Unknown(string Form) : Argument;
}
