using System.Runtime.InteropServices;
using EthosU.Graphs;

namespace EthosU.Testing;

/// <summary>A model loaded into native TensorFlow Lite. For one thread.</summary>
public sealed unsafe class NativeTfLiteSession : IDisposable
{
    private readonly nint content;
    private readonly nint model;
    private readonly nint options;
    private readonly nint interpreter;

    internal NativeTfLiteSession(byte[] bytes, int threads)
    {
        // The runtime reads the model's constants in place, 16-byte aligned.
        content = (nint)NativeMemory.AlignedAlloc((nuint)bytes.Length, 64);
        bytes.CopyTo(new Span<byte>((void*)content, bytes.Length));
        try
        {
            model = NativeMethods.TfLiteModelCreate((byte*)content, bytes.Length);
            if (model == 0)
                throw NativeTfLite.Error("loading the model");
            options = NativeMethods.TfLiteInterpreterOptionsCreate();
            NativeMethods.TfLiteInterpreterOptionsSetNumThreads(options, threads);
            NativeMethods.TfLiteInterpreterOptionsSetErrorReporter(options, &NativeTfLite.Report, 0);
            interpreter = NativeMethods.TfLiteInterpreterCreate(model, options);
            if (interpreter == 0)
                throw NativeTfLite.Error("building the interpreter");
            NativeTfLite.Check(NativeMethods.TfLiteInterpreterAllocateTensors(interpreter), "allocating tensors");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Number of inputs.</summary>
    public int InputCount => NativeMethods.TfLiteInterpreterGetInputTensorCount(interpreter);

    /// <summary>Name, type and shape of an input.</summary>
    public (string Name, ElementType Type, Shape Shape) Input(int index)
    {
        nint tensor = NativeMethods.TfLiteInterpreterGetInputTensor(interpreter, index);
        return (Marshal.PtrToStringUTF8(NativeMethods.TfLiteTensorName(tensor))!, NativeTfLite.Type(tensor),
            new(NativeTfLite.Sizes(tensor)));
    }

    /// <summary>Sets the inputs, runs the model and gives its outputs.</summary>
    /// <exception cref="TfLiteRuntimeException">The inputs do not fit or the runtime complains.</exception>
    public IReadOnlyList<TensorData> Run(IReadOnlyList<TensorData> inputs)
    {
        if (inputs.Count != InputCount)
            throw NativeTfLite.Error($"the model has {InputCount} inputs, {inputs.Count} are given: running");
        for (int i = 0; i < inputs.Count; i++)
            SetInput(i, inputs[i].Bytes.Span);
        Invoke();
        return [.. Enumerable.Range(0, NativeMethods.TfLiteInterpreterGetOutputTensorCount(interpreter)).Select(Output)];
    }

    /// <summary>Copies an input's bytes into the model.</summary>
    public void SetInput(int index, ReadOnlySpan<byte> bytes)
    {
        nint tensor = NativeMethods.TfLiteInterpreterGetInputTensor(interpreter, index);
        if (NativeMethods.TfLiteTensorByteSize(tensor) != bytes.Length)
            throw NativeTfLite
                .Error($"input {index} takes {NativeMethods.TfLiteTensorByteSize(tensor)} bytes, {bytes.Length} are given: setting it");
        fixed (byte* data = bytes)
            NativeTfLite.Check(NativeMethods.TfLiteTensorCopyFromBuffer(tensor, data, bytes.Length), $"setting input {index}");
    }

    /// <summary>Runs the model on the inputs that are set.</summary>
    public void Invoke() => NativeTfLite.Check(NativeMethods.TfLiteInterpreterInvoke(interpreter), "running");

    /// <summary>An output of the last run.</summary>
    public TensorData Output(int index)
    {
        nint tensor = NativeMethods.TfLiteInterpreterGetOutputTensor(interpreter, index);
        var bytes = new byte[NativeMethods.TfLiteTensorByteSize(tensor)];
        fixed (byte* data = bytes)
            NativeTfLite.Check(NativeMethods.TfLiteTensorCopyToBuffer(tensor, data, bytes.Length), $"reading output {index}");
        return new(NativeTfLite.Type(tensor), new(NativeTfLite.Sizes(tensor)), bytes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (interpreter != 0)
            NativeMethods.TfLiteInterpreterDelete(interpreter);
        if (options != 0)
            NativeMethods.TfLiteInterpreterOptionsDelete(options);
        if (model != 0)
            NativeMethods.TfLiteModelDelete(model);
        NativeMemory.AlignedFree((void*)content);
    }
}
