using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using EthosU.Graphs;

namespace EthosU.Testing;

/// <summary>TensorFlow Lite 2.9 by its C interface, from the library that the npm package <c>tfjs-tflite-node</c> carries.</summary>
public sealed unsafe class NativeTfLite : ITfLiteRuntime
{
    private const int Ok = 0;
    [ThreadStatic]
    private static StringBuilder? messages;

    static NativeTfLite() =>
        NativeLibrary.SetDllImportResolver(typeof(NativeTfLite).Assembly,
        static (name, _, _) => name == NativeMethods.Library ? NativeLibrary.Load(LibraryPath) : 0);

    /// <summary>True where the library is installed.</summary>
    public static bool Exists => File.Exists(LibraryPath);

    /// <inheritdoc/>
    public string Name => TfLiteRuntimes.Native;

    private static string LibraryPath
    {
        get
        {
            string arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
            string file = OperatingSystem.IsWindows() ? "windows_amd64/tensorflowlite_c.dll"
                : OperatingSystem.IsMacOS() ? $"darwin_{arm}/libtensorflowlite_c.dylib"
                : $"linux_{arm}/libtensorflowlite_c.so";
            return Path.Combine(SharedData.RepositoryRoot, "node_modules", "tfjs-tflite-node", "cc_deps", file);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<TensorData>> Run(string modelPath, IReadOnlyList<IReadOnlyList<TensorData>> inputs)
    {
        using NativeTfLiteSession session = Load(File.ReadAllBytes(modelPath));
        return [.. inputs.Select(session.Run)];
    }

    /// <summary>Loads a model to run it several times.</summary>
    /// <exception cref="TfLiteRuntimeException">The runtime refuses the model.</exception>
    public static NativeTfLiteSession Load(byte[] content, int threads = 1) => new(content, threads);

    internal static void Check(int status, string what)
    {
        if (status != Ok || messages is { Length: > 0 })
            throw Error(what);
    }

    internal static TfLiteRuntimeException Error(string what)
    {
        string text = $"{what} failed\n{messages}";
        messages?.Clear();
        return new(TfLiteRuntimes.Native, text);
    }

    internal static ImmutableArray<int> Sizes(nint tensor)
    {
        var sizes = ImmutableArray.CreateBuilder<int>();
        for (int i = 0; i < NativeMethods.TfLiteTensorNumDims(tensor); i++)
            sizes.Add(NativeMethods.TfLiteTensorDim(tensor, i));
        return sizes.ToImmutable();
    }

    internal static ElementType Type(nint tensor) => NativeMethods.TfLiteTensorType(tensor) switch
    {
        1 => ElementType.Float32,
        2 => ElementType.Int32,
        3 => ElementType.UInt8,
        4 => ElementType.Int64,
        6 => ElementType.Bool,
        7 => ElementType.Int16,
        9 => ElementType.Int8,
        10 => ElementType.Float16,
        11 => ElementType.Float64,
        13 => ElementType.UInt64,
        16 => ElementType.UInt32,
        17 => ElementType.UInt16,
        int other => throw new TfLiteRuntimeException(TfLiteRuntimes.Native, $"element type {other} is not known to the tests"),
    };

    // The arguments are a va_list; where it is a struct, it is passed by its address, so it can be handed on as a pointer.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static void Report(nint user, byte* format, nint arguments)
    {
        const int size = 4096;
        byte* text = stackalloc byte[size];
        int length = OperatingSystem.IsWindows() ? 0 : NativeMethods.Format(text, size, format, arguments);
        string message = length > 0 ? Marshal.PtrToStringUTF8((nint)text)! : Marshal.PtrToStringUTF8((nint)format)!;
        (messages ??= new()).AppendLine(message);
    }
}
