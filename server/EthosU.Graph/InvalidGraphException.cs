namespace EthosU.Graphs;

/// <summary>
/// A graph or node that breaks a rule of the representation. Readers of files turn it into <see cref="ModelFormatException"/>;
/// where it comes from a pass, it is a bug of that pass.
/// </summary>
public sealed class InvalidGraphException : Exception
{
    /// <summary>A broken rule.</summary>
    public InvalidGraphException(string message)
        : base(message)
    {
    }

    /// <summary>True if nothing is wrong, but an operand that decides the shape of the result is computed at run time.</summary>
    public bool IsUndecided { get; init; }

    /// <summary>A broken rule found while another exception was handled.</summary>
    public InvalidGraphException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
