using System.Runtime.InteropServices;

namespace EthosU.Testing;

/// <summary>TensorFlow Lite's C interface.</summary>
internal static unsafe partial class NativeMethods
{
    public const string Library = "tensorflowlite_c";

    [LibraryImport(Library)]
    public static partial nint TfLiteModelCreate(byte* data, nint size);

    [LibraryImport(Library)]
    public static partial void TfLiteModelDelete(nint model);

    [LibraryImport(Library)]
    public static partial nint TfLiteInterpreterOptionsCreate();

    [LibraryImport(Library)]
    public static partial void TfLiteInterpreterOptionsDelete(nint options);

    [LibraryImport(Library)]
    public static partial void TfLiteInterpreterOptionsSetNumThreads(nint options, int threads);

    [LibraryImport(Library)]
    public static partial void TfLiteInterpreterOptionsSetErrorReporter(nint options, delegate* unmanaged[Cdecl]<nint, byte*, nint,
    void> reporter, nint user);

    [LibraryImport(Library)]
    public static partial nint TfLiteInterpreterCreate(nint model, nint options);

    [LibraryImport(Library)]
    public static partial void TfLiteInterpreterDelete(nint interpreter);

    [LibraryImport(Library)]
    public static partial int TfLiteInterpreterAllocateTensors(nint interpreter);

    [LibraryImport(Library)]
    public static partial int TfLiteInterpreterInvoke(nint interpreter);

    [LibraryImport(Library)]
    public static partial int TfLiteInterpreterGetInputTensorCount(nint interpreter);

    [LibraryImport(Library)]
    public static partial nint TfLiteInterpreterGetInputTensor(nint interpreter, int index);

    [LibraryImport(Library)]
    public static partial int TfLiteInterpreterGetOutputTensorCount(nint interpreter);

    [LibraryImport(Library)]
    public static partial nint TfLiteInterpreterGetOutputTensor(nint interpreter, int index);

    [LibraryImport(Library)]
    public static partial int TfLiteTensorType(nint tensor);

    [LibraryImport(Library)]
    public static partial int TfLiteTensorNumDims(nint tensor);

    [LibraryImport(Library)]
    public static partial int TfLiteTensorDim(nint tensor, int axis);

    [LibraryImport(Library)]
    public static partial nint TfLiteTensorByteSize(nint tensor);

    [LibraryImport(Library)]
    public static partial nint TfLiteTensorName(nint tensor);

    [LibraryImport(Library)]
    public static partial int TfLiteTensorCopyFromBuffer(nint tensor, byte* data, nint size);

    [LibraryImport(Library)]
    public static partial int TfLiteTensorCopyToBuffer(nint tensor, byte* data, nint size);

    [LibraryImport("libc", EntryPoint = "vsnprintf")]
    public static partial int Format(byte* text, nint size, byte* format, nint arguments);
}
