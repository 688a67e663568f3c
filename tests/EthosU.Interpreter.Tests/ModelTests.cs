using EthosU.Testing;
using Xunit;

namespace EthosU.Interpreter.Tests;

/// <summary>Whole networks give the bytes that TensorFlow Lite Micro gives.</summary>
public sealed class ModelTests
{
    private static readonly bool All = Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1";

    public static TheoryData<string> Models
    {
        get
        {
            string folder = Path.Combine(SharedData.Root, "data", "models");
            return Directory.Exists(folder)
                ? [.. Directory.GetFiles(folder, "*.tflite").Select(file => Path.GetFileNameWithoutExtension(file)).Order()]
                : ["the models are not present"];
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void EqualsTheReference(string name)
    {
        string path = Path.Combine(SharedData.Require("data", "models"), name);
        ReferenceModel.Check(path, KernelPath.Fastest);
        ReferenceModel.Check(path, KernelPath.Avx2, All ? int.MaxValue : 1);
        ReferenceModel.Check(path, KernelPath.Portable, All ? int.MaxValue : 1);
        if (All || new FileInfo(path + ".tflite").Length < 1 << 20)
            ReferenceModel.Check(path, KernelPath.Plain, All ? int.MaxValue : 1);
    }
}
