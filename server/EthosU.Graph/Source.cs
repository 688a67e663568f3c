using System.Collections.Immutable;

namespace EthosU.Graphs;

/// <summary>Where a node or tensor comes from, in the user's own terms.</summary>
public sealed record Source
{
    private const string TorchFolder = "/torch/";
    private static readonly string[] TorchParts =
        ["nn/", "fx/", "onnx/", "jit/", "export/", "autograd/", "ao/", "utils/_", "utils/checkpoint.py", "functional.py", "overrides.py"];

    /// <summary>Nothing is known.</summary>
    public static Source None { get; } = new();

    /// <summary>Name of the node in the source model (or of its first output where it has none).</summary>
    public string? NodeName { get; init; }

    /// <summary>Its operator there, such as <c>Conv</c> or <c>aten.conv2d</c>.</summary>
    public string? OperatorType { get; init; }

    /// <summary>Path of the module in the PyTorch model, such as <c>layer1.0.conv1</c>, if recorded.</summary>
    public string? Module { get; init; }

    /// <summary>The Python call stack, innermost call first, if the export recorded it.</summary>
    public ImmutableArray<PythonFrame> Frames { get; init; } = [];

    /// <summary>The innermost line that is the user's own: not inside torch or an installed package. Null if none is recorded.</summary>
    public PythonFrame? UserFrame => Frames.FirstOrDefault(IsUserCode);

    /// <summary>Name and, where known, file and line: <c>conv1 (net.py:12)</c>.</summary>
    public override string ToString()
    {
        string name = NodeName ?? OperatorType ?? "";
        return UserFrame is { } frame ? $"{name} ({frame.File}:{frame.Line})" : name;
    }

    private static bool IsUserCode(PythonFrame frame)
    {
        string path = frame.File.Replace('\\', '/');
        return !path.Contains("/site-packages/", StringComparison.Ordinal)
            && !path.Contains("/dist-packages/", StringComparison.Ordinal)
            && !path.StartsWith('<')
            && !IsTorch($"/{path}");
    }

    /// <summary>True for torch's own files, installed or beside their sources; a user's folder may be called torch, too.</summary>
    private static bool IsTorch(string path)
    {
        int at = path.LastIndexOf(TorchFolder, StringComparison.Ordinal);
        if (at < 0)
            return false;
        string inside = path[(at + TorchFolder.Length)..];
        return inside.StartsWith('_') || TorchParts.Any(part => inside.StartsWith(part, StringComparison.Ordinal));
    }
}
