using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Onnx;
using EthosU.Quantize.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EthosU.Quantize.Reference.OnnxRuntime;

/// <summary>
/// An ONNX model in ONNX Runtime, with intermediate values among its outputs. One thread per sample, so that results do not
/// depend on the number of cores; the samples of a batch on all cores.
/// </summary>
internal sealed class OnnxReferenceSession : IReferenceSession
{
    private readonly InferenceSession? session; // null where ONNX Runtime cannot run the model
    private readonly RunOptions runOptions = new();
    private readonly (string Name, int Place, TensorElementType Type)[] inputNodes;
    private readonly string path;

    /// <summary>Loads a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="inputs">Names of the inputs, in the order of the samples'.</param>
    /// <param name="values">Values wanted; those that the model does not compute are left out.</param>
    /// <exception cref="ModelFormatException">ONNX Runtime refuses the model.</exception>
    public OnnxReferenceSession(string path, IReadOnlyList<string> inputs, IEnumerable<string> values)
    {
        this.path = path;
        string[] wanted = [.. values];
        (byte[]? model, string[] added) = OnnxReader.WithOutputs(path, wanted);
        Garbage.Release();
        NativeMemory.ReturnLargeBlocks();
        using SessionOptions options = new()
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            EnableCpuMemArena = false, // it grows by doubling, and what it has once taken it keeps
            EnableMemoryPattern = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        // Else sums of uint8 and int8 products saturate at 16 bits on some processors.
        options.AddSessionConfigEntry("session.x64quantprecision", "1");
        // QuantizeLinear and DequantizeLinear as they stand, with real numbers between.
        options.AddSessionConfigEntry("session.disable_quant_qdq", "1");
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path",
            Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            session = new(model, options);
        }
        catch (OnnxRuntimeException e) when (IsLimit(e))
        {
            (Values, inputNodes) = ([], []);
            Findings = [new("onnx-runtime-limit", FindingSeverity.Info,
                $"ONNX Runtime cannot run this model ({RuntimeRefusal.Of(e.Message)}). Its values are those of the network as it is "
                    + $"imported here.",
                "Nothing needs to be done; to have them from ONNX Runtime, export with opset_version=17.", Source.None)];
            return;
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelFormatException(path, "graph", $"ONNX Runtime cannot load the model: {RuntimeRefusal.Of(e.Message)}", e);
        }
        model = null;
        Garbage.Release();
        IReadOnlyDictionary<string, NodeMetadata> outputs = session.OutputMetadata;
        Values = [.. wanted.Intersect(added.Concat(outputs.Keys), StringComparer.Ordinal)
            .Where(name => outputs[name].ElementDataType == TensorElementType.Float)];
        Dictionary<string, int> places = inputs.Select(static (name, place) => (name, place)).DistinctBy(static pair => pair.name)
            .ToDictionary(static pair => pair.name, static pair => pair.place, StringComparer.Ordinal);
        inputNodes = Values.IsEmpty ? []
            : [.. session.InputMetadata.Select(input => (input.Key, places[input.Key], input.Value.ElementDataType))];
    }

    public ImmutableArray<Finding> Findings { get; } = [];

    public ImmutableArray<string> Values { get; }

    public IReferenceValues Run(IReadOnlyList<Sample> batch, CancellationToken cancellation = default)
    {
        var results = new IDisposableReadOnlyCollection<OrtValue>?[batch.Count];
        if (Values.IsEmpty)
            return new OrtValues(results);
        using CancellationTokenRegistration terminate = cancellation.Register(() => runOptions.Terminate = true);
        try
        {
            ParallelLoop.For(batch.Count, i => results[i] = Run(batch[i], cancellation), cancellation);
            return new OrtValues(results);
        }
        catch
        {
            new OrtValues(results).Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        session?.Dispose();
        runOptions.Dispose();
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(Sample sample, CancellationToken cancellation)
    {
        List<OrtValue> inputs = [];
        try
        {
            foreach ((_, int place, TensorElementType type) in inputNodes)
                inputs.Add(ToOrt(sample.Inputs[place], type));
            return session!.Run(runOptions, [.. inputNodes.Select(static input => input.Name)], inputs, Values);
        }
        catch (OnnxRuntimeException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new ModelFormatException(path, "graph", $"ONNX Runtime cannot run the model: {RuntimeRefusal.Of(e.Message)}", e);
        }
        finally
        {
            inputs.ForEach(static input => input.Dispose());
        }
    }

    /// <summary>
    /// True for what ONNX Runtime says of sound models that it has no kernels for, or whose operator sets it does not know.
    /// </summary>
    private static bool IsLimit(OnnxRuntimeException e) => e.Message.Contains("NotImplemented", StringComparison.Ordinal)
        || (e.Message.Contains("opset", StringComparison.OrdinalIgnoreCase)
        && e.Message.Contains("support", StringComparison.OrdinalIgnoreCase));

    private static OrtValue ToOrt(TensorData data, TensorElementType type) => type switch
    {
        TensorElementType.Float => Copy(data, type, data.ToFloatArray()),
        TensorElementType.Int64 => Copy(data, type, data.ToInt64Array()),
        TensorElementType.Int32 => Copy(data, type, data.ToInt32Array()),
        TensorElementType.Double => Copy(data, type, Array.ConvertAll(data.ToFloatArray(), static v => (double)v)),
        TensorElementType.Float16 => Copy(data, type, Array.ConvertAll(data.ToFloatArray(), static v => (Float16)v)),
        TensorElementType.UInt8 => Copy(data, type, Array.ConvertAll(data.ToInt64Array(), static v => (byte)v)),
        TensorElementType.Int8 => Copy(data, type, Array.ConvertAll(data.ToInt64Array(), static v => (sbyte)v)),
        TensorElementType.Bool => Copy(data, type, Array.ConvertAll(data.ToInt64Array(), static v => v != 0)),
        _ => throw new UnsupportedModelException([new("calibration-input-type", FindingSeverity.Error,
            $"An input of type {type} cannot be given.", "Let the model take float32, int8, uint8, int32, int64 or bool inputs.",
            Source.None)]),
    };

    /// <summary>
    /// Values in memory of ONNX Runtime's own, which is always aligned alike: it adds up in an order that depends on where values lie, and
    /// .NET's arrays lie anywhere.
    /// </summary>
    private static OrtValue Copy<T>(TensorData data, TensorElementType type, T[] values)
        where T : unmanaged
    {
        OrtValue result =
            OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, [.. data.Shape.Select(static size => (long)size)]);
        if (values.Length > 0)
            values.CopyTo(result.GetTensorMutableDataAsSpan<T>());
        return result;
    }

    private sealed class OrtValues(IDisposableReadOnlyCollection<OrtValue>?[] results) : IReferenceValues
    {
        public ReadOnlySpan<float> Elements(int sample, int value) => results[sample]![value].GetTensorDataAsSpan<float>();

        public Shape ShapeOf(int sample, int value) =>
            new([.. results[sample]![value].GetTensorTypeAndShape().Shape.Select(static size => checked((int)size))]);

        public void Dispose()
        {
            foreach (IDisposableReadOnlyCollection<OrtValue>? result in results)
                result?.Dispose();
        }
    }
}
