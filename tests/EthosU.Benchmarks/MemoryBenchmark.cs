using System.Diagnostics;
using System.Globalization;
using EthosU.Npy;
using EthosU.Testing;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace EthosU.Benchmarks;

/// <summary>
/// Memory and time of <c>ethosu convert</c> to int8, as a process, beside a process in which ONNX Runtime alone runs the model
/// once at batch 1. Peak resident memory as Linux counts it.
/// </summary>
internal static class MemoryBenchmark
{
    /// <summary>The name of the benchmark's own second process.</summary>
    public const string Child = "memory-runtime";

    private const int OpenSize = 320; // of what a model leaves open; the batch, an axis 0, is 1
    private const int Samples = 100, FewSamples = 10, Side = 224, MostMebibytes = 200, MostSeconds = 10, MostTimes = 3;

    /// <summary>Measures models: those named, or all of <c>wild</c> and two that are built.</summary>
    public static void Run(TextWriter writer, string[] paths)
    {
        if (!OperatingSystem.IsLinux())
        {
            writer.WriteLine("memory: peak resident memory is read from /proc, which this system has not.");
            return;
        }
        using TemporaryFolder folder = new();
        writer.WriteLine(
            $"convert to int8: peak memory of the process in MiB, and seconds; at most {MostTimes} x ONNX Runtime at batch 1 + "
                + $"{MostMebibytes} MiB, and {MostSeconds} s + the calibration runs");
        writer.WriteLine(
            "| model | convert | ONNX Runtime | at most | seconds | at most | |\n| --- | ---: | ---: | ---: | ---: | ---: | --- |");
        if (paths.Length == 0)
        {
            string wild = Path.Combine(SharedData.Root, "data", "wild");
            paths = Directory.Exists(wild) ? [.. Directory.GetFiles(wild, "*.onnx").Order(StringComparer.Ordinal)] : [];
            string data = folder.File("samples.npy");
            byte[] pixels = new byte[Samples * 3 * Side * Side];
            new Random(1).NextBytes(pixels);
            NumpyFile.Write(data, NumpyArray.From<byte>([Samples, 3, Side, Side], pixels));
            foreach ((string name, int samples, Func<Onnx.Proto.ModelProto> build) in ((string, int, Func<Onnx.Proto.ModelProto>)[])
                [("MobileNetV2", Samples, NetworkBuilder.MobileNetV2), ("ConvNeXt", FewSamples, NetworkBuilder.ConvNeXt)])
            {
                string path = folder.File($"{name}.onnx");
                using (FileStream stream = File.Create(path))
                    build().WriteTo(stream);
                Measure(writer, path, folder, samples, ["--calibration", data, "--scale", "1/255", "--samples", $"{samples}"]);
            }
        }
        foreach (string path in paths)
            Measure(writer, path, folder, 0, [.. OpenSizes(path).SelectMany(static name => new[] { "--dim", $"{name}={OpenSize}" })]);
    }

    /// <summary>Names of the sizes that a model leaves open, but for that of the batch.</summary>
    private static IEnumerable<string> OpenSizes(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return [.. Onnx.Proto.ModelProto.Parser.ParseFrom(stream).Graph.Input
            .SelectMany(static input => input.Type.TensorType.Shape.Dim.Skip(1))
            .Select(static size => size.DimParam).Where(static name => name.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The second process: one run of ONNX Runtime; writes its peak memory in bytes and the seconds of a run.</summary>
    public static void RunRuntime(TextWriter writer, string path)
    {
        using SessionOptions options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, IntraOpNumThreads = 1 };
        using InferenceSession session = new(path, options);
        List<OrtValue> inputs = [];
        foreach (NodeMetadata metadata in session.InputMetadata.Values)
        {
            long[] shape = [.. metadata.Dimensions.Select(static (size, axis) => size >= 0 ? size : axis == 0 ? 1L : OpenSize)];
            inputs.Add(OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, metadata.ElementDataType, shape));
            inputs[^1].GetTensorMutableRawData().Clear();
        }
        using RunOptions run = new();
        Stopwatch watch = Stopwatch.StartNew();
        session.Run(run, session.InputNames, inputs, session.OutputNames).Dispose();
        double seconds = watch.Elapsed.TotalSeconds;
        inputs.ForEach(static input => input.Dispose());
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Peak(Environment.ProcessId)} {seconds}"));
    }

    private static void Measure(TextWriter writer, string model, TemporaryFolder folder, int samples, string[] arguments)
    {
        string name = Path.GetFileNameWithoutExtension(model);
        (_, string answer, _, int failed) = Watch([typeof(MemoryBenchmark).Assembly.Location, Child, model]);
        string cli = Path.Combine(SharedData.RepositoryRoot, "server", "EthosU.Cli", "bin", "Release", "net10.0", "ethosu.dll");
        (long peak, string text, double seconds, int code) =
            Watch([cli, "convert", model, "-o", folder.File("result.tflite"), .. arguments]);
        string result = code == 0 ? "" : $"exit {code}: {text.Split('\n', 2)[0]}";
        double mebibytes = peak / 1048576.0;
        if (failed != 0 || answer.Split(' ') is not [var bytes, var run])
        {
            Row($"| {name} | {mebibytes:F0} | does not run | | {seconds:F1} | | {result} |");
            return;
        }
        double runtime = double.Parse(bytes, CultureInfo.InvariantCulture) / 1048576;
        double most = (MostTimes * runtime) + MostMebibytes,
            longest = MostSeconds + (samples * double.Parse(run, CultureInfo.InvariantCulture));
        result += (mebibytes > most ? " too much memory" : "") + (seconds > longest ? " too slow" : "");
        Row($"| {name} | {mebibytes:F0} | {runtime:F0} | {most:F0} | {seconds:F1} | {longest:F1} | {result.Trim()} |");

        void Row(FormattableString row) => writer.WriteLine(row.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Runs a program of .NET; its peak memory is read every few milliseconds, so that of its last ones may be missed.</summary>
    private static (long Peak, string Output, double Seconds, int Code) Watch(string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        long peak = 0;
        while (!process.WaitForExit(5))
            peak = Math.Max(peak, Peak(process.Id));
        double seconds = watch.Elapsed.TotalSeconds;
        return (peak, process.ExitCode == 0 ? output.Result.Trim() : errors.Result.Trim(), seconds, process.ExitCode);
    }

    /// <summary>Peak resident bytes of a process so far; 0 once it is gone.</summary>
    private static long Peak(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0
                : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1],
                CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
