using System.Text;

namespace EthosU.Benchmarks;

/// <summary>Writes a large ONNX model: dense layers in a row, as a language model's are.</summary>
internal static class LargeModel
{
    private const int Width = 1024;
    private const int Float = 1;
    private const int Opset = 13;

    /// <summary>A model of about so many megabytes of weights.</summary>
    public static byte[] Write(int megabytes)
    {
        int layers = Math.Max(1, megabytes * 1_000_000 / (4 * Width * Width));
        Random random = new(1);
        using MemoryStream graph = new();
        for (int i = 0; i < layers; i++)
            Field(graph, 1, [.. Text(1, $"v{i}"), .. Text(1, $"w{i}"), .. Text(2, $"v{i + 1}"), .. Text(3, $"dense{i}"),
                .. Text(4, "MatMul")]);
        Field(graph, 2, Encoding.UTF8.GetBytes("large"));
        for (int i = 0; i < layers; i++)
        {
            float[] weights = new float[Width * Width];
            for (int j = 0; j < weights.Length; j++)
                weights[j] = random.NextSingle() - 0.5f;
            using MemoryStream tensor = new();
            tensor.Write([.. Number(1, Width), .. Number(1, Width), .. Number(2, Float), .. Text(8, $"w{i}")]);
            Field(tensor, 9, System.Runtime.InteropServices.MemoryMarshal.AsBytes(weights.AsSpan()));
            Field(graph, 5, tensor.GetBuffer().AsSpan(0, (int)tensor.Length));
        }
        Field(graph, 11, Value("v0"));
        Field(graph, 12, Value($"v{layers}"));
        using MemoryStream model = new();
        model.Write(Number(1, 8));
        Field(model, 7, graph.GetBuffer().AsSpan(0, (int)graph.Length));
        Field(model, 8, Number(2, Opset));
        return model.ToArray();
    }

    private static byte[] Value(string name)
    {
        byte[] sizes = [.. Bytes(1, Number(1, 1)), .. Bytes(1, Number(1, Width))];
        return [.. Text(1, name), .. Bytes(2, Bytes(1, [.. Number(1, Float), .. Bytes(2, sizes)]))];
    }

    private static byte[] Text(int number, string text) => Bytes(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Bytes(int number, ReadOnlySpan<byte> content)
    {
        using MemoryStream stream = new();
        Field(stream, number, content);
        return stream.ToArray();
    }

    private static void Field(MemoryStream stream, int number, ReadOnlySpan<byte> content)
    {
        stream.Write([.. Varint((number << 3) | 2), .. Varint(content.Length)]);
        stream.Write(content);
    }

    private static byte[] Number(int number, int value) => [.. Varint(number << 3), .. Varint(value)];

    private static IEnumerable<byte> Varint(int value)
    {
        for (; value > 0x7F; value >>= 7)
            yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}
