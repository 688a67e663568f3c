using EthosU.Graphs;
using EthosU.Import;
using EthosU.Torch.Programs;
using EthosU.Torch.Reading;

namespace EthosU.Torch;

/// <summary>Reads <c>.pt2</c> files of <c>torch.export.save</c> (pt2-format).</summary>
public static class TorchReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Choices.</param>
    /// <param name="cancellation">Stops the import.</param>
    /// <exception cref="ModelFormatException">The file is damaged, or no such file.</exception>
    /// <exception cref="UnsupportedModelException">It holds what cannot be expressed, all of which is named; or it is something else that
    /// torch writes.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ImportedModel Read(string path, TorchImportOptions? options = null, CancellationToken cancellation = default)
    {
        ExportedProgram program = ProgramReader.Read(path, cancellation);
        try
        {
            return ProgramImporter.Import(program, path, options, cancellation);
        }
        catch (Exception e) when (e is InvalidGraphException or OverflowException)
        {
            throw new ModelFormatException(path, "graph", PlainReason.Of(e), e);
        }
    }

    /// <summary>The nodes of a file as they stand in it, whether or not they can be imported.</summary>
    /// <exception cref="ModelFormatException">The file is damaged, or no such file.</exception>
    /// <exception cref="UnsupportedModelException">It is something else that torch writes.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SourceOutline ReadOutline(string path)
    {
        ExportedProgram program = ProgramReader.Read(path, CancellationToken.None);
        return new([.. program.Graph.Nodes.Select(static node => new SourceOutlineNode(node.Target, node.Source, Names(
            node.Inputs.Select(static input => input.Value)), Names(node.Outputs)))],
            [.. program.Inputs.OfType<ProgramInput.User>().Select(static input => input.Name)],
            Names(program.Outputs.OfType<ProgramOutput.User>().Select(static output => output.Value)));
    }

    /// <summary>True for a file that only the tools of torch write, or that is a zip archive as a <c>.pt2</c> file is.</summary>
    /// <param name="start">Its first bytes.</param>
    public static bool Recognises(ReadOnlySpan<byte> start) => ForeignFiles.AreOfTorch(start);

    private static System.Collections.Immutable.ImmutableArray<string> Names(IEnumerable<Argument> arguments) =>
        [.. arguments.SelectMany(ArgumentNames.Of)];
}
