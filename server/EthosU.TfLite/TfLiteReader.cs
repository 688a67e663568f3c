using System.Collections.Immutable;
using EthosU.Files;
using EthosU.Graphs;
using Google.FlatBuffers;
using S = EthosU.TfLite.Schema;

namespace EthosU.TfLite;

/// <summary>Reads <c>.tflite</c> files (tflite-format).</summary>
public static class TfLiteReader
{
    private const string Identifier = "TFL3";
    private const int SmallestFile = 8;

    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelFormatException">It is damaged or no TensorFlow Lite model.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Graph Read(string path) => Read(InputFile.ReadAllBytes(path, InputFile.LargestModel), path);

    /// <summary>Reads the content of a file. The graph's constants refer to the bytes, which must not change afterwards.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="fileName">Its name for messages.</param>
    /// <exception cref="ModelFormatException">It is damaged or no TensorFlow Lite model.</exception>
    public static Graph Read(byte[] content, string fileName) => Read(content, fileName, out _);

    /// <summary>Reads the content of a file. The graph's constants refer to the bytes, which must not change afterwards.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="fileName">Its name for messages.</param>
    /// <param name="tensors">
    /// The main graph's tensors in the file's order, also those that no operator uses: metadata such as an offline memory plan refers to
    /// them by number.
    /// </param>
    /// <param name="verify">False to read also a graph that breaks the rules of the representation, which is good for showing it
    /// alone.</param>
    /// <param name="inputShapes">
    /// Shapes for the inputs whose sizes the file leaves open, for each input; null, for one or all: they stay open, with the sizes that
    /// the file stores, mostly 1. A graph with open sizes other
    /// than the batch is not verified, since what it stores are placeholders.
    /// </param>
    /// <exception cref="ModelFormatException">It is damaged or no TensorFlow Lite model.</exception>
    public static Graph Read(byte[] content, string fileName, out ImmutableArray<Tensor> tensors, bool verify = true,
        IReadOnlyList<Shape?>? inputShapes = null)
    {
        if (content.Length < SmallestFile || !content.AsSpan(4, 4).SequenceEqual("TFL3"u8))
            throw new ModelFormatException(fileName, "", $"this is no TensorFlow Lite model: its bytes 4 to 7 are not '{Identifier}'");
        SubgraphReader? reader = null;
        try
        {
            S.Model model = S.Model.GetRootAsModel(new ByteBuffer(content));
            if (model.Version != 3)
                throw new InvalidGraphException($"its version is {model.Version}, only 3 is known");
            if (model.SubgraphsLength == 0)
                throw new InvalidGraphException("it has no subgraph");
            reader = new(model, content, verify, inputShapes);
            return reader.ReadMain(out tensors);
        }
        catch (Exception e) when (e is InvalidGraphException or ArgumentException or IndexOutOfRangeException or OverflowException
            or InvalidOperationException or NullReferenceException or OutOfMemoryException or DivideByZeroException)
        {
            string reason = e is InvalidGraphException ? e.Message : "the file is damaged or truncated: a reference leads outside";
            throw new ModelFormatException(fileName, reader?.Location ?? "model", reason, e);
        }
    }
}
