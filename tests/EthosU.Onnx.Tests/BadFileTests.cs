using EthosU.Graphs;
using EthosU.Import;
using EthosU.Onnx.Proto;
using EthosU.TfLite;
using EthosU.Testing;
using Google.Protobuf;
using Xunit;

namespace EthosU.Onnx.Tests;

/// <summary>Whatever is wrong with a file, or the files beside it, is described; nothing outside the model's folder is read.</summary>
public sealed class BadFileTests
{
    private static bool Full => Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1";

    private static TestModel Small() => new TestModel().Input("x", 1, 2, 5, 5).Weights("w", 3, 2, 3, 3)
        .Node("Conv", "x w", "conv", ("pads", new long[] { 1, 1, 1, 1 })).Node("Relu", "conv", "relu").Integers("shape", 1, -1)
        .Node("Reshape", "relu shape", "y").Output("y");

    [Fact]
    public void ProtobufNestingIsBounded()
    {
        GraphProto graph = new() { Name = "end" };
        for (int i = 0; i < 400; i++)
        {
            GraphProto outer = new() { Name = "g" };
            NodeProto node = new() { OpType = "If" };
            node.Attribute.Add(new AttributeProto { Name = "then_branch", G = graph });
            outer.Node.Add(node);
            graph = outer;
        }
        ModelProto model = new() { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 18 });
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, model.ToByteArray());
        Assert.Throws<ModelFormatException>(() => OnnxReader.Read(path, cancellation: TestContext.Current.CancellationToken));
        File.Delete(path);
    }

    /// <summary>A model for the runtime holds no large constant: it says where in the file each lies.</summary>
    [Theory]
    [InlineData(1 << 15, true)]
    [InlineData(100, false)]
    public void LargeConstantsStayInTheFile(int count, bool isLarge)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ethosu");
        try
        {
            float[] values = [.. Enumerable.Range(0, count).Select(static i => i * 0.5f)];
            TestModel m = new TestModel().Input("x", count).Node("Add", "x w", "sum").Node("Add", "sum v", "y").Output("y");
            foreach (string name in (string[])["w", "v"])
            {
                TensorProto tensor =
                    new() { Name = name, DataType = 1, RawData = ByteString.CopyFrom(TensorData.Vector(values).Bytes.Span) };
                tensor.Dims.Add(count);
                m.Graph.Initializer.Add(tensor);
            }
            string path = Path.Combine(folder.FullName, "model.onnx");
            File.WriteAllBytes(path, m.Proto.ToByteArray());
            (byte[] model, _) = OnnxReader.WithOutputs(path, ["sum"]);
            Assert.Equal(isLarge, model.Length < 4 * count);
            using Microsoft.ML.OnnxRuntime.SessionOptions options = new();
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder.FullName);
            using Microsoft.ML.OnnxRuntime.InferenceSession session = new(model, options);
            using Microsoft.ML.OnnxRuntime.OrtValue x =
                Microsoft.ML.OnnxRuntime.OrtValue.CreateTensorValueFromMemory(new float[count], [count]);
            using Microsoft.ML.OnnxRuntime.RunOptions run = new();
            using var results = session.Run(run, ["x"], [x], ["y", "sum"]);
            Assert.Equal(values.Select(static value => 2 * value), results[0].GetTensorDataAsSpan<float>().ToArray());
            Assert.Equal(values, results[1].GetTensorDataAsSpan<float>().ToArray());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void ExternalDataStayInTheModelsFolder()
    {
        string root = Directory.CreateTempSubdirectory("ethosu").FullName,
            folder = Directory.CreateDirectory(Path.Combine(root, "model")).FullName;
        try
        {
            byte[] data = [.. new byte[16], .. TensorData.Vector(1f, 2f, 3f, 4f).Bytes.ToArray()];
            File.WriteAllBytes(Path.Combine(folder, "weights.bin"), data);
            File.WriteAllBytes(Path.Combine(root, "secret.bin"), data);
            File.CreateSymbolicLink(Path.Combine(folder, "link.bin"), Path.Combine(root, "secret.bin"));
            Directory.CreateSymbolicLink(Path.Combine(folder, "up"), root);
            ImportedModel sound = Read("weights.bin", 16);
            Assert.Equal([Path.Combine(folder, "weights.bin")], sound.DataFiles);
            Graph graph = sound.Graph;
            Assert.Equal([1f, 2f, 3f, 4f], graph.Nodes[0].Constant(1).ToFloatArray());
            foreach (string location in (string[])["../secret.bin", Path.Combine(root, "secret.bin"), "link.bin", "up/secret.bin",
                "missing.bin", "", "sub/../../secret.bin"])
                Assert.Contains("'w'", Assert.Throws<ModelFormatException>(() => Read(location, 16)).Message, StringComparison.Ordinal);
            Assert.Throws<ModelFormatException>(() => Read("weights.bin", 17)); // beyond the end
            Assert.Throws<ModelFormatException>(() => Read("weights.bin", long.MaxValue));
            (byte[] model, string[] added) = OnnxReader.WithOutputs(Path.Combine(folder, "m.onnx.good"), ["sum"]);
            Assert.Equal(["sum"], added);
            using Microsoft.ML.OnnxRuntime.InferenceSession session = new(model); // has the data inside
            Assert.Equal(["y", "sum"], session.OutputNames);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        ImportedModel Read(string location, long offset)
        {
            TestModel m = new TestModel().Input("x", 4).Node("Add", "x w", "sum").Node("Relu", "sum", "y").Output("y");
            TensorProto tensor = new() { Name = "w", DataType = 1, DataLocation = 1 };
            tensor.Dims.Add(4);
            foreach ((string key, string value) in ((string, string)[])[("location", location), ("offset", $"{offset}"), ("length", "16")])
                tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
            m.Graph.Initializer.Add(tensor);
            string path = Path.Combine(folder, location == "weights.bin" && offset == 16 ? "m.onnx.good" : "m.onnx");
            File.WriteAllBytes(path, m.Proto.ToByteArray());
            return OnnxReader.Read(path);
        }
    }

    [Fact]
    public void TruncationAnywhereIsDescribed()
    {
        byte[] sound = Small().Proto.ToByteArray();
        for (int length = 0; length < sound.Length; length++)
            ReadOrRefuse(sound[..length], write: false);
    }

    /// <summary>Damaged models go through reader, verification and writer.</summary>
    [Fact]
    public void DamagedModelsAreSurvived()
    {
        List<byte[]> sound = [Small().Proto.ToByteArray()];
        foreach (string root in BackendTests.Places.Where(place => place.Length > 0))
            foreach (string suite in (string[])["node", "pytorch-operator", "simple"])
                if (Directory.Exists(Path.Combine(root, suite)))
                    sound.AddRange(Directory.EnumerateDirectories(Path.Combine(root, suite)).Order(StringComparer.Ordinal)
                        .Select(folder => Path.Combine(folder, "model.onnx"))
                        .Where(file => new FileInfo(file) is { Exists: true, Length: < 20_000 }).Select(File.ReadAllBytes));
        Random random = new(11);
        int cases = Full ? 100_000 : 4_000, refused = 0;
        for (int i = 0; i < cases; i++)
            refused += ReadOrRefuse(Mutation.Of(sound[random.Next(sound.Count)], random), write: true) ? 0 : 1;
        Assert.InRange(refused, cases / 10, cases);
    }

    private static bool ReadOrRefuse(byte[] bytes, bool write)
    {
        string path = Path.Combine(Path.GetTempPath(), $"ethosu-damaged-{Environment.ProcessId}.onnx");
        try
        {
            File.WriteAllBytes(path, bytes);
            Graph graph = OnnxReader.Read(path, cancellation: TestContext.Current.CancellationToken).Graph;
            Assert.NotNull(GraphListing.Write(graph));
            long size = graph.Tensors.Sum(tensor => (long)(tensor.Data?.Bytes.Length ?? 0));
            if (write && size < 1 << 24)
                Assert.NotEmpty(TfLiteWriter.Write(graph));
            return true;
        }
        catch (Exception e) when (e is ModelFormatException or UnsupportedModelException)
        {
            Assert.NotEmpty(e.Message);
            return false;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
