using EthosU.Files;
using EthosU.Graphs;
using EthosU.Import;
using EthosU.Onnx.Proto;
using Google.Protobuf;

namespace EthosU.Onnx;

/// <summary>Reads ONNX files (tflite-kernels 4).</summary>
public static class OnnxReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; external data are looked for in its folder only.</param>
    /// <param name="options">Choices.</param>
    /// <param name="cancellation">Stops the import.</param>
    /// <exception cref="ModelFormatException">The file is damaged or no ONNX model.</exception>
    /// <exception cref="UnsupportedModelException">It holds nodes that cannot be expressed; all are named.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ImportedModel Read(string path, OnnxImportOptions? options = null, CancellationToken cancellation = default)
    {
        ModelProto model = Parse(path);
        try
        {
            return new GraphImporter(model, path, options ?? new(), cancellation).Import();
        }
        catch (Exception e) when (e is InvalidGraphException or OverflowException)
        {
            throw new ModelFormatException(path, "graph", PlainReason.Of(e), e);
        }
    }

    /// <summary>
    /// The model as bytes with some of its intermediate values made outputs, so that a runtime gives them. Large constants stay where they
    /// are: the bytes refer to the file, in whose folder the runtime must look for external data.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="values">Names of the values wanted.</param>
    /// <exception cref="ModelFormatException">The file is damaged, no ONNX model, or its data lie outside its folder.</exception>
    /// <returns>The bytes, data of other files included, and the names that the model really computes, in the order of the new outputs
    /// behind its own.</returns>
    public static (byte[] Model, string[] Added) WithOutputs(string path, IEnumerable<string> values)
    {
        HashSet<int> inPlace = [];
        ModelProto model = LargeConstants.LeaveInPlace(path, inPlace) is { } small ? Checked(path, () => ModelProto.Parser.ParseFrom(small))
            : Parse(path);
        HashSet<string> present = [.. model.Graph.Output.Select(output => output.Name)];
        HashSet<string> computed = [.. model.Graph.Node.SelectMany(node => node.Output)];
        string[] added = [.. values.Where(name => computed.Contains(name) && present.Add(name))];
        foreach (string name in added)
            model.Graph.Output.Add(new ValueInfoProto { Name = name });
        TensorLoader loader = new(path);
        for (int i = 0; i < model.Graph.Initializer.Count; i++)
            if (!inPlace.Contains(i))
                loader.Embed(model.Graph.Initializer[i]);
        return (model.ToByteArray(), added);
    }

    /// <summary>The nodes of a file as they stand in it, whether or not they can be imported.</summary>
    /// <exception cref="ModelFormatException">The file is damaged or no ONNX model.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SourceOutline ReadOutline(string path)
    {
        GraphProto graph = Parse(path).Graph;
        HashSet<string> constants = [.. graph.Initializer.Select(tensor => tensor.Name)];
        return new(
            [.. graph.Node.Where(node => node.OpType != "Constant").Select(node => new SourceOutlineNode(
                node.Domain is "" or "ai.onnx" ? node.OpType : $"{node.Domain}.{node.OpType}", SourceReader.Read(node), [.. node.Input],
                [.. node.Output]))],
            [.. graph.Input.Select(input => input.Name).Where(name => !constants.Contains(name))],
            [.. graph.Output.Select(output => output.Name)]);
    }

    internal static ModelProto Parse(string path) => Checked(path, () =>
    {
        using FileStream stream = InputFile.OpenRead(path);
        return ModelProto.Parser.ParseFrom(stream);
    });

    private static ModelProto Checked(string path, Func<ModelProto> parse)
    {
        ModelProto model;
        try
        {
            model = parse();
        }
        catch (Exception e)
            when (e is InvalidProtocolBufferException or OutOfMemoryException or InvalidOperationException or ArgumentException)
        {
            throw new ModelFormatException(path, "", $"this is no ONNX model, or it is damaged{WhatIsWrong(e)}", e);
        }
        if (model.Graph is null || model.OpsetImport.Count == 0)
            throw new ModelFormatException(path, "", "this is no ONNX model: it has no graph or names no operator set");
        NameRules.Require(model, path);
        return model;
    }

    private static string WhatIsWrong(Exception e) => e is OutOfMemoryException ? " (it is larger than the memory)"
        : e.Message.Contains("nesting", StringComparison.Ordinal) ? " (its graphs or types are nested deeper than any exporter does)"
        : e.Message.Contains("ended unexpectedly", StringComparison.Ordinal) ? " (it ends too early, or a length in it is wrong)"
        : "";
}
