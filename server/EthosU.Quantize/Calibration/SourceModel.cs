using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Onnx;
using Microsoft.ML.OnnxRuntime;
using TensorElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace EthosU.Quantize.Calibration;

/// <summary>
/// The source model in ONNX Runtime, with intermediate values among its outputs. One thread per run, so that results do not
/// depend on the number of cores; several runs may go on at once.
/// </summary>
internal sealed class SourceModel : IDisposable
{
    private readonly InferenceSession? session; // null where ONNX Runtime cannot run the model
    private readonly RunOptions runOptions = new();
    private readonly (string Name, TensorElementType Type)[] inputNodes;
    private readonly string path;

    /// <summary>What a user should know: why ONNX Runtime does not run the model, where it cannot; then nothing can be asked for.</summary>
    public ImmutableArray<Finding> Findings { get; } = [];

    /// <summary>Loads a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="values">Values wanted beside the outputs; those that the model does not compute are left out.</param>
    /// <exception cref="ModelFormatException">ONNX Runtime refuses the model.</exception>
    public SourceModel(string path, IEnumerable<string> values)
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
        options.AddSessionConfigEntry("session.x64quantprecision", "1"); // else sums of uint8 and int8 products saturate at 16 bits on some processors
        options.AddSessionConfigEntry("session.disable_quant_qdq", "1"); // QuantizeLinear and DequantizeLinear as they stand, with real numbers between
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            session = new(model, options);
        }
        catch (OnnxRuntimeException e) when (IsLimit(e))
        {
            (OutputNames, Values, inputNodes) = ([], [], []);
            Findings = [new("onnx-runtime-limit", FindingSeverity.Info, $"ONNX Runtime cannot run this model ({RuntimeRefusal.Of(e.Message)}). Its values are those of the network as it is imported here.",
                "Nothing needs to be done; to have them from ONNX Runtime, export with opset_version=17.", Source.None)];
            return;
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelFormatException(path, "graph", $"ONNX Runtime cannot load the model: {RuntimeRefusal.Of(e.Message)}", e);
        }
        model = null;
        Garbage.Release();
        OutputNames = [.. session.OutputMetadata.Keys];
        IReadOnlyDictionary<string, NodeMetadata> outputs = session.OutputMetadata;
        Values = [.. wanted.Intersect(added.Concat(OutputNames), StringComparer.Ordinal).Where(name => outputs[name].ElementDataType == TensorElementType.Float)];
        inputNodes = [.. session.InputMetadata.Select(static input => (input.Key, input.Value.ElementDataType))];
    }

    /// <summary>Names of the wanted values that the model computes as singles.</summary>
    public string[] Values { get; }

    /// <summary>Names of everything that can be asked for.</summary>
    public string[] OutputNames { get; }

    /// <summary>Computes values of one sample.</summary>
    /// <param name="inputNamesOfSample">Names of the inputs, in the order of the sample's.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="names">Names of values, which must be computed as singles.</param>
    /// <param name="cancellation">Stops this run and all that follow, between two operators.</param>
    /// <exception cref="ModelFormatException">ONNX Runtime fails.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public (float[] Data, long[] Shape)[] Run(IReadOnlyList<string> inputNamesOfSample, Sample sample, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        using IDisposableReadOnlyCollection<OrtValue>? results = Compute(inputNamesOfSample, sample, names, cancellation);
        return results is null ? [] : [.. results.Select(result => (result.GetTensorDataAsSpan<float>().ToArray(), result.GetTensorTypeAndShape().Shape))];
    }

    /// <summary>Computes values of one sample, which stay in the memory of ONNX Runtime until they are disposed of; null for no names.</summary>
    /// <inheritdoc cref="Run"/>
    public IDisposableReadOnlyCollection<OrtValue>? Compute(IReadOnlyList<string> inputNamesOfSample, Sample sample, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        if (names.Count == 0)
            return null;
        List<OrtValue> inputs = [];
        using CancellationTokenRegistration terminate = cancellation.Register(() => runOptions.Terminate = true);
        try
        {
            Dictionary<string, int> places = inputNamesOfSample.Select(static (name, place) => (name, place)).DistinctBy(static pair => pair.name).ToDictionary(static pair => pair.name, static pair => pair.place, StringComparer.Ordinal);
            foreach ((string name, TensorElementType type) in inputNodes)
                inputs.Add(ToOrt(sample.Inputs[places[name]], type));
            return session!.Run(runOptions, [.. inputNodes.Select(static input => input.Name)], inputs, names);
        }
        catch (OnnxRuntimeException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new ModelFormatException(path, "graph", $"ONNX Runtime cannot run the model: {RuntimeRefusal.Of(e.Message)}", e);
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
    }

    /// <summary>True for what ONNX Runtime says of sound models that it has no kernels for, or whose operator sets it does not know.</summary>
    private static bool IsLimit(OnnxRuntimeException e) => e.Message.Contains("NotImplemented", StringComparison.Ordinal)
        || (e.Message.Contains("opset", StringComparison.OrdinalIgnoreCase) && e.Message.Contains("support", StringComparison.OrdinalIgnoreCase));

    public void Dispose()
    {
        session?.Dispose();
        runOptions.Dispose();
    }

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
        _ => throw new UnsupportedModelException([new("calibration-input-type", FindingSeverity.Error, $"An input of type {type} cannot be given.",
            "Let the model take float32, int8, uint8, int32, int64 or bool inputs.", Source.None)]),
    };

    /// <summary>
    /// Values in memory of ONNX Runtime's own, which is always aligned alike: it adds up in an order that depends on where values lie, and
    /// .NET's arrays lie anywhere.
    /// </summary>
    private static OrtValue Copy<T>(TensorData data, TensorElementType type, T[] values) where T : unmanaged
    {
        OrtValue result = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, [.. data.Shape.Select(static size => (long)size)]);
        if (values.Length > 0)
            values.CopyTo(result.GetTensorMutableDataAsSpan<T>());
        return result;
    }
}
