using System.Text;

namespace EthosU.Cli.Tests;

/// <summary>Writes ONNX models of a few nodes in a row on one float input, for what a model file on disk is too much.</summary>
internal static class TinyOnnx
{
    private const int Float = 1;
    private const int Opset = 13;

    /// <summary>
    /// A model whose nodes, each of one input and one output, follow each other: <c>Relu</c>, or with a real attribute <c>LeakyRelu alpha
    /// 0.1</c>.
    /// </summary>
    public static byte[] Chain(int[] shape, params ReadOnlySpan<string> operators)
    {
        List<byte> graph = [];
        for (int i = 0; i < operators.Length; i++)
            graph.AddRange(Field(1, [.. Field(1, $"v{i}"), .. Field(2, $"v{i + 1}"), .. Field(3, $"node{i}"), .. Operator(operators[i])]));
        graph.AddRange(Field(2, "tiny"));
        graph.AddRange(Field(11, Value("v0", shape)));
        graph.AddRange(Field(12, Value($"v{operators.Length}", shape)));
        return [.. Number(1, 8), .. Field(7, [.. graph]), .. Field(8, [.. Number(2, Opset)])];
    }

    /// <summary>A model that adds four numbers, which lie in a file beside it, to its input.</summary>
    public static byte[] SumWithDataIn(string file)
    {
        byte[] place = [.. Field(1, "location"), .. Field(2, file)];
        byte[] weights = [.. Number(1, 4), .. Number(2, Float), .. Field(8, "w"), .. Field(13, place), .. Number(14, 1)];
        byte[] graph =
        [
            .. Field(1, [.. Field(1, "v0"), .. Field(1, "w"), .. Field(2, "v1"), .. Field(3, "sum"), .. Field(4, "Add")]),
            .. Field(2, "tiny"), .. Field(5, weights),
            .. Field(11, Value("v0", [1, 4])), .. Field(12, Value("v1", [1, 4])),
        ];
        return [.. Number(1, 8), .. Field(7, graph), .. Field(8, [.. Number(2, Opset)])];
    }

    private static byte[] Operator(string text)
    {
        string[] words = text.Split(' ');
        if (words.Length != 3)
            return Field(4, text);
        byte[] real = [(2 << 3) | 5, .. BitConverter.GetBytes(float.Parse(words[2], System.Globalization.CultureInfo.InvariantCulture))];
        return [.. Field(4, words[0]), .. Field(5, [.. Field(1, words[1]), .. real, .. Number(20, Float)])];
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
