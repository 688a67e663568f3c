namespace EthosU.Import;

/// <summary>An operator that cannot be expressed; becomes a finding, and the import goes on to find the others.</summary>
/// <param name="reason">What is the case, in the user's words.</param>
/// <param name="advice">What to do about it.</param>
public sealed class UnsupportedOperatorException(string reason, string advice) : Exception(reason)
{
    /// <summary>What to do about it.</summary>
    public string Advice { get; } = advice;
}
