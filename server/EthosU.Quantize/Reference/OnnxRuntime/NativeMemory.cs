using System.Runtime.InteropServices;

namespace EthosU.Quantize.Reference.OnnxRuntime;

/// <summary>
/// How the C library keeps the memory that ONNX Runtime gives back. GNU's, after the first large block, serves blocks of up to 32 MB from
/// pools that each thread has of its own, and gives little of them back: a few activations of 30 MB held 800 MB.
/// </summary>
internal static partial class NativeMemory
{
    private const int MapThreshold = -3; // M_MMAP_THRESHOLD
    private const int LargeBlock = 1 << 22;
    private static bool isSet;

    /// <summary>
    /// Lets every block of 4 MB and more be taken from the system and given back to it. Nothing where the C library is another.
    /// </summary>
    public static void ReturnLargeBlocks()
    {
        if (isSet || !OperatingSystem.IsLinux())
            return;
        isSet = true;
        try
        {
            _ = SetOption(MapThreshold, LargeBlock);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library, which has no such pools.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
