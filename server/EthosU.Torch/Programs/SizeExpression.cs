using System.Collections.Immutable;

namespace EthosU.Torch.Programs;

/// <summary>A size of an axis as the file has it (pt2-format 3).</summary>
internal abstract record SizeExpression
{
    /// <summary>A known size.</summary>
    public sealed record Number(long Value) : SizeExpression;

    /// <summary>A free size.</summary>
    public sealed record Symbol(string Name) : SizeExpression;

    /// <summary>A size computed from others, such as <c>Mul</c> of an integer and a symbol.</summary>
    public sealed record Call(string Function, ImmutableArray<SizeExpression> Operands) : SizeExpression;
}
