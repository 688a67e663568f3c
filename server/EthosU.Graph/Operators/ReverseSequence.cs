namespace EthosU.Graphs;

/// <summary>Reverses the first elements of each sequence. Input 1: lengths.</summary>
/// <param name="SequenceAxis">Axis reversed.</param>
/// <param name="BatchAxis">Axis of the lengths.</param>
public sealed record ReverseSequence(int SequenceAxis, int BatchAxis) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.ReverseSequence;
}
