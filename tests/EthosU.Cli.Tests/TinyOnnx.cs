using System.Text;

namespace EthosU.Cli.Tests;

/// <summary>Writes ONNX models of a few nodes in a row on one float input, for what a model file on disk is too much.</summary>
internal static class TinyOnnx
{
    private const int Float = 1;
    private const int Opset = 13;

    /// <summary>A model whose nodes, each of one input and one output, follow each other.</summary>
    public static byte[] Chain(int[] shape, params ReadOnlySpan<string> operators)
    {
        List<byte> graph = [];
        for (int i = 0; i < operators.Length; i++)
            graph.AddRange(Field(1, [.. Field(1, $"v{i}"), .. Field(2, $"v{i + 1}"), .. Field(3, $"node{i}"), .. Field(4, operators[i])]));
        graph.AddRange(Field(2, "tiny"));
        graph.AddRange(Field(11, Value("v0", shape)));
        graph.AddRange(Field(12, Value($"v{operators.Length}", shape)));
        return [.. Number(1, 8), .. Field(7, [.. graph]), .. Field(8, [.. Number(2, Opset)])];
    }

    private static byte[] Value(string name, int[] shape)
    {
        byte[] sizes = [.. shape.SelectMany(static size => Field(1, [.. Number(1, size)]))];
        return [.. Field(1, name), .. Field(2, [.. Field(1, [.. Number(1, Float), .. Field(2, sizes)])])];
    }

    private static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, byte[] content) => [.. Varint((number << 3) | 2), .. Varint(content.Length), .. content];

    private static byte[] Number(int number, int value) => [.. Varint(number << 3), .. Varint(value)];

    private static IEnumerable<byte> Varint(int value)
    {
        for (; value > 0x7F; value >>= 7)
            yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}
