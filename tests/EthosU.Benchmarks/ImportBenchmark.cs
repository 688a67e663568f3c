using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using EthosU.Graphs;
using EthosU.Onnx;

namespace EthosU.Benchmarks;

/// <summary>Imports an ONNX file of 100 MB: seconds, and memory at its peak relative to the file (goal: 2 s, 3 times).</summary>
internal static class ImportBenchmark
{
    private const int Layers = 25, Channels = 340;

    /// <summary>Runs it and writes one line.</summary>
    public static void Run(TextWriter output)
    {
        string path = Path.Combine(Path.GetTempPath(), $"ethosu-import-{Environment.ProcessId}.onnx");
        try
        {
            WriteModel(path);
            long size = new FileInfo(path).Length, before = Settled(), peak = 0;
            using CancellationTokenSource done = new();
            Thread watcher = new(() =>
            {
                while (!done.IsCancellationRequested)
                {
                    peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
                    Thread.Sleep(2);
                }
            });
            watcher.Start();
            var watch = Stopwatch.StartNew();
            Graph graph = OnnxReader.Read(path).Graph;
            double seconds = watch.Elapsed.TotalSeconds;
            done.Cancel();
            watcher.Join();
            long kept = Settled() - before;
            output.WriteLine(FormattableString.Invariant(
                $"import {size / 1e6:F0} MB, {graph.Nodes.Length} operators: {seconds:F2} s, peak {(peak - before) / (double)size:F2} x file, kept {kept / (double)size:F2} x"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static long Settled()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>Convolutions one after the other, 4 MB of weights each, written field by field.</summary>
    private static void WriteModel(string path)
    {
        List<byte> graph = [];
        byte[] weights = new byte[Channels * Channels * 9 * sizeof(float)];
        using FileStream file = File.Create(path);
        for (int layer = 0; layer < Layers; layer++)
        {
            Field(graph, 1, Message(node =>
            {
                Text(node, 1, layer == 0 ? "x" : $"y{layer - 1}");
                Text(node, 1, $"w{layer}");
                Text(node, 2, $"y{layer}");
                Text(node, 4, "Conv");
            }));
            Field(graph, 5, Message(tensor =>
            {
                foreach (int dimension in (int[])[Channels, Channels, 3, 3])
                    Number(tensor, 1, dimension);
                Number(tensor, 2, 1);
                Text(tensor, 8, $"w{layer}");
                for (int i = 0; i < weights.Length; i += sizeof(float))
                    BinaryPrimitives.WriteSingleLittleEndian(weights.AsSpan(i), (i % 1009) / 1009f);
                Field(tensor, 9, weights);
            }));
        }
        Field(graph, 11, Value("x", [1, Channels, 64, 64]));
        Field(graph, 12, Value($"y{Layers - 1}", []));
        List<byte> model = [];
        Number(model, 1, 8);
        Field(model, 8, Message(opset => Number(opset, 2, 17)));
        Field(model, 7, [.. graph]);
        file.Write([.. model]);
    }

    private static byte[] Value(string name, int[] sizes) => Message(value =>
    {
        Text(value, 1, name);
        Field(value, 2, Message(type => Field(type, 1, Message(tensor =>
        {
            Number(tensor, 1, 1);
            Field(tensor, 2, Message(shape =>
            {
                foreach (int size in sizes)
                    Field(shape, 1, Message(dimension => Number(dimension, 1, size)));
            }));
        }))));
    });

    private static byte[] Message(Action<List<byte>> fill)
    {
        List<byte> bytes = [];
        fill(bytes);
        return [.. bytes];
    }

    private static void Number(List<byte> to, int field, long value)
    {
        Varint(to, (ulong)field << 3);
        Varint(to, (ulong)value);
    }

    private static void Text(List<byte> to, int field, string text) => Field(to, field, Encoding.UTF8.GetBytes(text));

    private static void Field(List<byte> to, int field, byte[] content)
    {
        Varint(to, ((ulong)field << 3) | 2);
        Varint(to, (ulong)content.Length);
        to.AddRange(content);
    }

    private static void Varint(List<byte> to, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            to.Add((byte)(value | 0x80));
        to.Add((byte)value);
    }
}
