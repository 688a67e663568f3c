using EthosU.Testing;
using Google.FlatBuffers;
using Xunit;
using S = EthosU.TfLite.Schema;

namespace EthosU.TfLite.Tests;

/// <summary>A file that was read and written back has the same tensors, operators and metadata under the same numbers.</summary>
public sealed class StructureTests
{
    [Fact]
    public void NothingARuntimeNeedsIsLost()
    {
        List<string> failures = [];
        int count = 0;
        string data = SharedData.Require("data");
        foreach (string file in Directory.EnumerateFiles(data, "*.tflite", SearchOption.AllDirectories).Order())
        {
            // Damaged files, and those whose shapes are resolved or whose faults are mended in reading.
            if (Path.GetRelativePath(data, file).Split(Path.DirectorySeparatorChar)[0] is "hostile" or "peers" or "wild")
                continue;
            count++;
            byte[] content = File.ReadAllBytes(file);
            byte[] written = TfLiteWriter.Write(TfLiteReader.Read(content, file));
            failures.AddRange(Differences(Model(content), Model(written)).Take(3).Select(difference => $"{file}: {difference}"));
        }
        Assert.True(failures.Count == 0, string.Join('\n', failures.Take(50)));
        Assert.InRange(count, 600, int.MaxValue);
    }

    /// <summary>Keras leaves the batch open: the file says 1, and beside it that this is no more than a placeholder.</summary>
    [Fact]
    public void OpenSizesAreKnown()
    {
        Graphs.Graph graph = TfLiteReader.Read(SharedData.Require("data", "models", "mobilenet_v2_224_int8.tflite"));
        Assert.Equal([0], graph.Inputs[0].OpenAxes);
        Assert.Empty(graph.Outputs[0].OpenAxes); // follows from the input's
        Assert.Empty(graph.Nodes[0].Inputs[1]!.OpenAxes);
    }

    private static S.Model Model(byte[] content) => S.Model.GetRootAsModel(new ByteBuffer(content));

    private static IEnumerable<string> Differences(S.Model a, S.Model b)
    {
        if (a.SubgraphsLength != b.SubgraphsLength)
            yield return $"{b.SubgraphsLength} subgraphs instead of {a.SubgraphsLength}";
        for (int g = 0; g < Math.Min(a.SubgraphsLength, b.SubgraphsLength); g++)
        {
            S.SubGraph x = a.Subgraphs(g)!.Value, y = b.Subgraphs(g)!.Value;
            if (x.TensorsLength != y.TensorsLength || x.OperatorsLength != y.OperatorsLength)
            {
                yield return $"subgraph {g}: {y.TensorsLength} tensors and {y.OperatorsLength} operators instead of {x.TensorsLength} and "
                    + $"{x.OperatorsLength}";
                continue;
            }
            if (!Same(x.GetInputsArray(), y.GetInputsArray()) || !Same(x.GetOutputsArray(), y.GetOutputsArray()))
                yield return $"subgraph {g}: inputs or outputs";
            for (int i = 0; i < x.TensorsLength; i++)
                if (Describe(a, x.Tensors(i)!.Value) is var before && Describe(b, y.Tensors(i)!.Value) is var after && before != after)
                    yield return $"tensor {i}: {after} instead of {before}";
            for (int i = 0; i < x.OperatorsLength; i++)
                if (Describe(a, x.Operators(i)!.Value) is var before && Describe(b, y.Operators(i)!.Value) is var after && before != after)
                    yield return $"operator {i}: {after} instead of {before}";
        }
        if (Metadata(a) is var old && Metadata(b) is var now && old != now)
            yield return $"metadata: {now} instead of {old}";
    }

    private static bool Same<T>(T[]? a, T[]? b) => (a ?? []).SequenceEqual(b ?? []);

    private static string Describe(S.Model model, S.Tensor t)
    {
        string scales = t.Quantization is { } q
            ? $"{string.Join(',', q.GetScaleArray() ?? [])} {string.Join(',', q.GetZeroPointArray() ?? [])} "
                + $"@{(q.ScaleLength > 1 ? q.QuantizedDimension : 0)}" : "";
        return $"{t.Name} {t.Type} [{string.Join(',', t.GetShapeArray() ?? [])}] {{{scales.Trim(' ', '@', '0')}}} "
            + $"{(t.IsVariable ? "variable " : "")}{Digest(model, t.Buffer)}";
    }

    private static string Describe(S.Model model, S.Operator op)
    {
        S.OperatorCode code = model.OperatorCodes((int)op.OpcodeIndex)!.Value;
        return $"{Math.Max(code.BuiltinCode, code.DeprecatedBuiltinCode)} {code.CustomCode} options "
            + $"{(op.BuiltinOptionsType == S.BuiltinOptions.ReshapeOptions ? S.BuiltinOptions.NONE : op.BuiltinOptionsType)} "
            + $"[{Convert.ToHexString(op.GetCustomOptionsArray() ?? [])}] "
            + $"({string.Join(',', op.GetInputsArray() ?? [])}) → ({string.Join(',', op.GetOutputsArray() ?? [])}) "
            + $"({string.Join(',', op.GetIntermediatesArray() ?? [])})";
    }

    private static string Metadata(S.Model model) =>
        string.Join("; ", Enumerable.Range(0, model.MetadataLength).Select(i => model.Metadata(i)!.Value)
        .Where(entry => entry.Name != TfLiteWriter.RuntimeVersionEntry).Select(entry => $"{entry.Name} {Digest(model, entry.Buffer)}"));

    private static string Digest(S.Model model, uint buffer)
    {
        byte[] data = model.Buffers((int)buffer)!.Value.GetDataArray() ?? [];
        return data.Length == 0 ? "" : Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(data).AsSpan(0, 8));
    }
}
