using EthosU.Onnx.Proto;

namespace EthosU.Onnx;

/// <summary>
/// A version of ONNX's operator set, and what operators mean in it. Everything that differs between versions and that the node does not
/// show by itself (by an attribute or an operand that it has or has not) stands here; importers compare no version numbers.
/// </summary>
/// <param name="Version">The number.</param>
internal readonly record struct OperatorSet(long Version)
{
    private const int Oldest = 1, Newest = 28;

    /// <summary>The operator set of a model or function; the first where none is named.</summary>
    public static OperatorSet Of(IEnumerable<OperatorSetIdProto> imports) =>
        new(imports.FirstOrDefault(static import => import.Domain is "" or "ai.onnx")?.Version ?? Oldest);

    /// <summary>The versions known here, for messages.</summary>
    public static string Known => $"{Oldest} to {Newest}";

    /// <summary>True if the version is one of those.</summary>
    public bool IsKnown => Version is >= Oldest and <= Newest;

    /// <summary>LpPool and GlobalLpPool: p is a real number (an integer since 2).</summary>
    public bool HasRealNorm => Version < 2;

    /// <summary>Concat: the axis where none is given (it must be since 4).</summary>
    public int ConcatAxis => Version < 4 ? 1 : 0;

    /// <summary>Tile: how often and along which axis are operands 1 and 2 (since 6 operand 1 has a number for each axis).</summary>
    public bool TilesOneAxis => Version < 6;

    /// <summary>Scan: operand 0 has lengths of sequences, and everything a batch axis (neither since 9).</summary>
    public bool ScansBatches => Version < 9;

    /// <summary>
    /// Resize: scales alone, as operand 1, and the rules of Upsample (since 11 a region before them, sizes behind, and attributes for
    /// rules).
    /// </summary>
    public bool ResizesByScales => Version < 11;

    /// <summary>Softmax, LogSoftmax and Hardmax: over all axes from the given one on as one (over that one alone since 13).</summary>
    public bool NormalizesRest => Version < 13;

    /// <summary>Softmax, LogSoftmax and Hardmax: the axis where none is given.</summary>
    public int NormalizedAxis => NormalizesRest ? 1 : -1;

    /// <summary>Split: the attribute num_outputs says how many outputs there are (since 18; nothing says it before).</summary>
    public bool DeclaresParts => Version >= 18;

    /// <summary>DFT: the axis where none is given.</summary>
    public int TransformedAxis => Version < 20 ? 1 : -2;
}
