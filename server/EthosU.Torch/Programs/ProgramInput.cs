namespace EthosU.Torch.Programs;

/// <summary>What an input of the outermost graph is (pt2-format 3).</summary>
internal abstract record ProgramInput
{
    /// <summary>A parameter, buffer or constant, whose value is in the file.</summary>
    /// <param name="Name">Its name in the graph.</param>
    /// <param name="Qualified">Its name in the module: the key of <see cref="ExportedProgram.Values"/>.</param>
    /// <param name="IsBuffer">True for what the network may change: state.</param>
    public sealed record Stored(string Name, string Qualified, bool IsBuffer) : ProgramInput;

    /// <summary>What the user gives.</summary>
    /// <param name="Name">Its name in the graph.</param>
    /// <param name="Path">Its name to the user: the argument of <c>forward</c>, with the path into it (<c>x</c>, <c>boxes.0</c>).</param>
    public sealed record User(string Name, string Path) : ProgramInput;

    /// <summary>A number, text or None that was fixed at export; the graph holds it already.</summary>
    public sealed record Fixed : ProgramInput;
}
