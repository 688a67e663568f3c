using System.Text.Json;
using EthosU.Testing;
using Xunit;

namespace EthosU.Interpreter.Tests;

/// <summary>Every model of the operator suite gives the bytes that TensorFlow Lite Micro gives, on every path.</summary>
public sealed class OpSuiteTests
{
    private static readonly Lazy<string[]> Names = new(() =>
    {
        string index = Path.Combine(SharedData.Root, "data", "opsuite", "index.json");
        if (!File.Exists(index))
            return ["the suite is not present"];
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(index));
        return [.. document.RootElement.EnumerateArray().Select(entry => entry.GetProperty("name").GetString()!)];
    });

    public static TheoryData<string> Cases => [.. Names.Value];

    [Theory, MemberData(nameof(Cases))]
    public void EqualsTheReference(string name)
    {
        string folder = SharedData.Require("data", "opsuite");
        foreach (KernelPath path in Enum.GetValues<KernelPath>())
            ReferenceModel.Check(Path.Combine(folder, name), path);
    }

    [Fact]
    public void NothingIsLeftOut()
    {
        string folder = SharedData.Require("data", "opsuite");
        Assert.Equal(Directory.GetFiles(folder, "*.tflite").Select(Path.GetFileNameWithoutExtension).Order(), Names.Value.Order());
    }
}
