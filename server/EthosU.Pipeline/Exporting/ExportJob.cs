using System.Collections.Immutable;
using System.Text;
using EthosU.Files;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Pipeline.Formats;
using EthosU.TfLite;

namespace EthosU.Pipeline.Exporting;

/// <summary>Writes a model as <c>NAME_data.h</c> and <c>NAME_data.cc</c> for TensorFlow Lite Micro.</summary>
public static class ExportJob
{
    private const long RuntimeBytes = 8 << 10;
    private const long RuntimeBytesPerOperator = 512;
    private const long ArenaAlignment = 16;

    /// <summary>Exports a model.</summary>
    /// <exception cref="ModelFormatException">The model is damaged.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static ExportReport Run(ExportOptions options, IProgress<JobProgress>? progress = null, CancellationToken cancellation = default)
    {
        InputFile.Require(options.ModelPath, ModelFormats.TfLite.Expected);
        progress?.Report(new("reading"));
        byte[] content = InputFile.ReadAllBytes(options.ModelPath, InputFile.LargestModel);
        Graph graph = TfLiteReader.Read(content, options.ModelPath, out _);
        string identifier = CSource.Identifier(Path.GetFileNameWithoutExtension(options.ModelPath));
        string[] files = [.. FilesOf(options)];
        (string header, string source) = (files[0], files[1]);
        ImmutableArray<string> functions =
            [.. graph.Nodes.Select(MicroResolver.FunctionOf).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        ImmutableArray<string> missing =
            [.. graph.Nodes.Where(static node => MicroResolver.FunctionOf(node) is null).Select(static node => node.Operator.Name)
            .Distinct().Order(StringComparer.Ordinal)];
        EthosUNode[] parts = [.. graph.Nodes.Where(EthosUNode.Matches).Select(node => EthosUNode.Of(node, options.ModelPath))];
        long fast = parts.Where(static part => part.FastScratch != part.Scratch).Select(static part => Bytes(part.FastScratch))
            .DefaultIfEmpty(0).Max();
        long arena = Math.Max(parts.Select(static part => Bytes(part.Scratch)).DefaultIfEmpty(0).Max(), LiveBytes(graph)) + RuntimeBytes
            + RuntimeBytesPerOperator * graph.Nodes.Length;
        ExportReport report =
            new(header, source, content.Length, (arena + ArenaAlignment - 1) / ArenaAlignment * ArenaAlignment, functions, missing);
        foreach (string file in files)
            OutputFile.Check(file, options.ModelPath);
        progress?.Report(new("writing"));
        byte[] text = Encoding.UTF8.GetBytes(CSource.Source(identifier, Path.GetFileName(header), content));
        cancellation.ThrowIfCancellationRequested();
        OutputFile.Write(source, text);
        OutputFile.Write(header, Encoding.UTF8.GetBytes(CSource.Header(identifier, Path.GetFileName(options.ModelPath), report, fast)));
        return report;
    }

    /// <summary>The files that an export writes: the header and the source.</summary>
    public static IEnumerable<string> FilesOf(ExportOptions options)
    {
        string folder = options.Folder ?? Path.GetDirectoryName(Path.GetFullPath(options.ModelPath))!;
        string name = Path.GetFileNameWithoutExtension(options.ModelPath);
        return [Path.Combine(folder, name + "_data.h"), Path.Combine(folder, name + "_data.cc")];
    }

    private static long Bytes(Tensor tensor) => tensor.Type.HasFixedSize() ? tensor.Type.ByteCount(tensor.Shape.ElementCount) : 0;

    /// <summary>The most bytes of tensors that are needed at one moment.</summary>
    private static long LiveBytes(Graph graph)
    {
        HashSet<Tensor> scratch =
            [.. graph.Nodes.Where(EthosUNode.Matches).SelectMany(static node => node.Inputs.Take(4)).OfType<Tensor>()];
        Dictionary<Node, int> steps = graph.Nodes.Select(static (node, step) => (node, step))
            .ToDictionary(static pair => pair.node, static pair => pair.step);
        var change = new long[graph.Nodes.Length + 2];
        foreach (Tensor tensor in graph.Tensors.Where(tensor => !tensor.IsConstant && !scratch.Contains(tensor)))
        {
            int first = graph.Producer(tensor) is { } producer ? steps[producer] : 0;
            int last = tensor.IsVariable || graph.Outputs.Contains(tensor) ? graph.Nodes.Length
                : graph.Consumers(tensor).Select(node => steps[node]).DefaultIfEmpty(first).Max();
            change[first] += Bytes(tensor);
            change[last + 1] -= Bytes(tensor);
        }
        long live = 0, most = 0;
        foreach (long step in change)
            most = Math.Max(most, live += step);
        return most;
    }
}
