using EthosU.Graphs;
using EthosU.Npy;
using EthosU.TfLite;

namespace EthosU.Fuzz.Kinds;

/// <summary>Interpretation against compilation and simulation: what both run must give the same bytes.</summary>
internal static class Differential
{
    private const long MostElements = 1 << 16;
    private static readonly string[] Targets =
        ["ethos-u55-32", "ethos-u55-64", "ethos-u55-128", "ethos-u55-256", "ethos-u65-256", "ethos-u65-512"];

    /// <summary>Compiles a TensorFlow Lite file and runs both; returns what must not happen.</summary>
    public static string? Check(string model, string folder, Random random)
    {
        string compiled = Path.Combine(folder, "npu.tflite");
        (int code, string? fault) =
            CommandLine.Run("compile", model, "-o", compiled, "-q", "--target", Targets[random.Next(Targets.Length)], "--optimise",
            random.Next(2) == 0 ? "size" : "performance");
        if (fault is not null || WriteInputs(model, folder, random) is not { } inputs)
            return fault;
        (int interpreted, fault) = Run(model, inputs, Path.Combine(folder, "a"));
        if (fault is not null || code != 0)
            return fault;
        (int simulated, fault) = Run(compiled, inputs, Path.Combine(folder, "b"));
        if (fault is not null || interpreted != 0)
            return fault;
        if (simulated != 0)
            return $"the compiled file is refused ({simulated}), the model is not";
        for (int i = 0; File.Exists(Path.Combine(folder, $"a_{i}.npy")); i++)
            if (!File.ReadAllBytes(Path.Combine(folder, $"a_{i}.npy")).AsSpan()
                .SequenceEqual(File.ReadAllBytes(Path.Combine(folder, $"b_{i}.npy"))))
                return $"output {i} of the compiled file differs";
        return null;
    }

    /// <summary>Runs a model on inputs; returns the exit code and what must not happen.</summary>
    public static (int Code, string? Fault) Run(string model, string[] inputs, string outputs) =>
        CommandLine.Run(["run", model, .. inputs.SelectMany(static file => new[] { "--input", file }), "-o", outputs, "-q"]);

    /// <summary>
    /// Random arrays over the whole range of the inputs' types; null if the model cannot be read or its inputs are too large to try.
    /// </summary>
    public static string[]? WriteInputs(string model, string folder, Random random)
    {
        Graph graph;
        try
        {
            graph = TfLiteReader.Read(model);
        }
        catch (Exception e) when (e is ModelFormatException or UnsupportedModelException)
        {
            return null;
        }
        if (graph.Tensors.Any(static tensor => tensor.Shape.ElementCount > MostElements * 16)
            || graph.Inputs.Any(static input => input.Shape.ElementCount > MostElements || !input.Type.HasFixedSize()))
            return null;
        string[] files = [.. graph.Inputs.Select((_, i) => Path.Combine(folder, $"in{i}.npy"))];
        for (int i = 0; i < files.Length; i++)
        {
            Tensor input = graph.Inputs[i];
            var bytes = new byte[input.Type.ByteCount(input.Shape.ElementCount)];
            random.NextBytes(bytes);
            if (input.Type == ElementType.Bool)
                for (int k = 0; k < bytes.Length; k++)
                    bytes[k] &= 1;
            if (input.Type == ElementType.Float32)
                bytes = [.. Enumerable.Range(0, bytes.Length / 4)
                    .SelectMany(_ => BitConverter.GetBytes((float)((random.NextDouble() * 8) - 4)))];
            try
            {
                NumpyFile.Write(files[i], new(input.Type, input.Shape, bytes));
            }
            catch (ArgumentException)
            {
                return null;
            }
        }
        return files;
    }
}
