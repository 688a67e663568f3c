namespace EthosU.Graphs;

/// <summary>A custom operator, such as <c>ethos-u</c>. Its outputs' shapes are known only from the file.</summary>
/// <param name="CustomCode">Its name.</param>
/// <param name="Options">Its options, uninterpreted.</param>
public sealed record Custom(string CustomCode, ReadOnlyMemory<byte> Options) : Operator
{
    /// <summary>The version that the file asks for.</summary>
    public int Version { get; init; } = 1;

    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Custom;

    /// <inheritdoc/>
    public override string Name => CustomCode;

    /// <summary>Equal code and equal option bytes.</summary>
    public bool Equals(Custom? other) =>
        other is not null && CustomCode == other.CustomCode && Version == other.Version && Options.Span.SequenceEqual(other.Options.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(CustomCode, Options.Length);
}
