using EthosU.Graphs;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>SOFTMAX on the NPU gives the interpreter's bytes for every type, scale, factor and length.</summary>
public sealed class SoftmaxTests
{
    [Theory]
    [InlineData(ElementType.Int8, ElementType.Int8)]
    [InlineData(ElementType.Int8, ElementType.Int16)]
    [InlineData(ElementType.Int16, ElementType.Int16)]
    public void Every_scale_and_length_is_exact(ElementType from, ElementType to)
    {
        Random random = new(5);
        int turn = 0;
        foreach (float scale in (float[])[1e-5f, 1f / 32768, 0.0003f, 0.0039f, 0.05f, 0.11f, 0.73f])
            foreach (float beta in (float[])[1, 0.5f, 3.7f])
                foreach (int depth in (int[])[1, 2, 3, 10, 200, 700])
                    Check(from, to, scale, beta, 4000 / depth, depth, random,
                        CompileCheck.Accelerators[turn++ % CompileCheck.Accelerators.Length]);
    }

    [Fact]
    public void Many_equal_inputs_give_zero_without_shifts_that_hardware_is_not_known_to_do()
    {
        foreach (int depth in (int[])[511, 512, 1000, 1024, 4095])
        {
            GraphBuilder builder = new("softmax");
            Tensor x = builder.AddInput("x", ElementType.Int8, new([2, depth]), Quantization.PerTensor(0.1f, 0));
            Tensor y = new("y", ElementType.Int8, x.Shape, Quantization.PerTensor(1 / 256f, -128));
            builder.AddNode(new(new Softmax(1), [x], [y]));
            builder.AddOutput(y);
            TensorData[] equal = [new(x.Type, x.Shape, new byte[2 * depth])];
            CompileCheck check =
                CompileCheck.AgainstInterpreter(builder.Build(), new(CompileCheck.Target("ethos-u55-128", "Shared_Sram")), [equal]);
            Assert.Equal(0, check.DifferingBytes);
            Assert.Empty(check.Violations);
            Assert.True(check.Result.RunsEntirelyOnNpu);
        }
    }

    private static void Check(ElementType from, ElementType to, float scale, float beta, int rows, int depth, Random random,
        string accelerator)
    {
        GraphBuilder builder = new("softmax");
        Tensor x = builder
            .AddInput("x", from, new([rows, depth]), Quantization.PerTensor(from == ElementType.Int8 ? scale : scale / 64, 0));
        Tensor y = new("y", to, x.Shape, to == ElementType.Int8 ? Quantization.PerTensor(1 / 256f, -128) : from == ElementType.Int8
            ? Quantization.PerTensor(1 / 65536f, -32768) : Quantization.PerTensor(1 / 32768f, 0));
        builder.AddNode(new(new Softmax(beta), [x], [y]));
        builder.AddOutput(y);
        (int min, int max) = from.IntegerRange();
        // Rows of values far apart, and of values close to each other.
        int[] values = [.. Enumerable.Range(0, rows * depth)
            .Select(i => random.Next(min >> (i / depth % 4 * 2), (max >> (i / depth % 4 * 2)) + 1))];
        TensorData data = from == ElementType.Int8
            ? TensorData.From<sbyte>(x.Shape, Array.ConvertAll(values, static v => (sbyte)v))
            : TensorData.From<short>(x.Shape, Array.ConvertAll(values, static v => (short)v));
        CompileCheck check =
            CompileCheck.AgainstInterpreter(builder.Build(), new(CompileCheck.Target(accelerator, "Shared_Sram")), [[data]]);
        Assert.True(check.DifferingBytes == 0,
            $"{check.DifferingBytes} bytes differ: scale {scale}, beta {beta}, {rows} x {depth} on {accelerator}");
        Assert.Empty(check.Violations.Take(10));
        Assert.True(check.Result.RunsEntirelyOnNpu);
    }
}
