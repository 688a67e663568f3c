using EthosU.Graphs;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Interpreter.Tests;

/// <summary>Whatever a damaged model asks for, it runs or is refused with a reason.</summary>
public sealed class DamagedModelTests
{
    private const long MaxElements = 1 << 17;

    [Fact]
    public void FlippedBitsAreSurvived()
    {
        string folder = SharedData.Require("data", "opsuite");
        int variants = Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1" ? 400 : 20, ran = 0, refused = 0;
        foreach (string file in Directory.GetFiles(folder, "*.tflite").Order())
        {
            byte[] sound = File.ReadAllBytes(file);
            if (sound.Length > 8192)
                continue;
            Random random = new(sound.Length);
            for (int i = 0; i < variants; i++)
            {
                byte[] copy = [.. sound];
                for (int flips = random.Next(1, 5); flips > 0; flips--)
                    copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
                try
                {
                    Graph graph = TfLiteReader.Read(copy, file);
                    if (graph.Tensors.Any(tensor => tensor.Shape.ElementCount > MaxElements))
                        continue;
                    new GraphInterpreter(graph).Run([.. graph.Inputs.Select(input => RandomValues(input, random))]);
                    ran++;
                }
                catch (Exception e) when (e is ModelFormatException or UnsupportedModelException)
                {
                    Assert.NotEmpty(e.Message);
                    refused++;
                }
                catch (Exception e)
                {
                    Assert.Fail($"{Path.GetFileName(file)}, variant {i}: {e}");
                }
            }
        }
        Assert.True(ran > 100 && refused > 100, $"{ran} ran, {refused} were refused");
    }

    private static TensorData RandomValues(Tensor tensor, Random random)
    {
        var bytes = new byte[tensor.Type.ByteCount(tensor.Shape.ElementCount)];
        random.NextBytes(bytes);
        return new(tensor.Type, tensor.Shape, bytes);
    }
}
