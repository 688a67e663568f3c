using EthosU.Graphs;
using Xunit;

namespace EthosU.Testing;

/// <summary>The runtimes that <c>npm ci</c> installs.</summary>
public static class TfLiteRuntimes
{
    /// <summary>TensorFlow Lite 2.9, native.</summary>
    public const string Native = "TensorFlow Lite 2.9";

    /// <summary>LiteRT in WebAssembly.</summary>
    public const string LiteRt = "LiteRT";

    /// <summary>The names, for theories.</summary>
    public static TheoryData<string> Names => [Native, LiteRt];

    /// <summary>A runtime by name; the running test is skipped where it is not installed.</summary>
    public static ITfLiteRuntime Require(string name)
    {
        string package = name == Native ? "tfjs-tflite-node" : "@litertjs/core";
        string folder = Path.Combine(SharedData.RepositoryRoot, "node_modules", package);
        Assert.SkipUnless(Directory.Exists(folder), $"{name} is not installed: npm ci installs {package}");
        if (name != Native)
            return LiteRtProcess.Shared;
        Assert.SkipUnless(NativeTfLite.Exists, $"{package} has no library for this operating system and processor");
        return new NativeTfLite();
    }

    /// <summary>Runs a model once.</summary>
    public static IReadOnlyList<TensorData> Run(this ITfLiteRuntime runtime, string modelPath, params IReadOnlyList<TensorData> inputs) =>
        runtime.Run(modelPath, [inputs])[0];
}
