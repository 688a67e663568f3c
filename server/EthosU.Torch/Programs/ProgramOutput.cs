namespace EthosU.Torch.Programs;

/// <summary>What an output of the outermost graph is (pt2-format 3).</summary>
internal abstract record ProgramOutput
{
    /// <summary>A result.</summary>
    /// <param name="Value">A value of the graph, or a number or None.</param>
    /// <param name="Path">Its path in the structure that <c>forward</c> returns (<c>0.boxes</c>); empty for a bare tensor.</param>
    public sealed record User(Argument Value, string Path) : ProgramOutput;

    /// <summary>The value that a buffer has after the call.</summary>
    public sealed record BufferMutation(string Name, string Buffer) : ProgramOutput;

    /// <summary>The value that an input has after the call.</summary>
    public sealed record InputMutation(string Name, string Input) : ProgramOutput;
}
