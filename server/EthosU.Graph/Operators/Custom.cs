namespace EthosU.Graphs;

/// <summary>A custom operator, such as <c>ethos-u</c>. Its outputs' shapes are known only from the file.</summary>
/// <param name="CustomCode">Its name.</param>
/// <param name="Options">Its options, uninterpreted.</param>
public sealed record Custom(string CustomCode, ReadOnlyMemory<byte> Options) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Custom;

    /// <inheritdoc/>
    public override string Name => CustomCode;

    /// <summary>Equal code and equal option bytes.</summary>
    public bool Equals(Custom? other) =>
        other is not null && CustomCode == other.CustomCode && Options.Span.SequenceEqual(other.Options.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(CustomCode, Options.Length);
}
