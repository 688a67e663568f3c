using EthosU.Graphs;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>LOG_SOFTMAX of int8 on the NPU gives the interpreter's bytes for every scale, depth and row.</summary>
public sealed class LogSoftmaxTests
{
    /// <summary>
    /// Scales around everything where the arithmetic changes its course: powers of two, the largest distance, saturation.
    /// </summary>
    public static TheoryData<float> Scales()
    {
        TheoryData<float> scales = [];
        for (int power = -25; power <= 8; power++)
            scales.Add(MathF.ScaleB(1, power));
        foreach (float scale in (float[])[MathF.BitIncrement(MathF.ScaleB(1, -26)), 3e-8f, 1e-5f, 0.0039f, 0.017f, 0.05f, 0.1f, 0.1215f,
            0.12157f, 0.125001f, 0.2f, 0.33f, 0.7f, 0.99999994f, 1.5f, 3.1f, 10.3f, 15.49f, 15.51f, 30.9f, 31.1f, 33, 1e6f])
            scales.Add(scale);
        return scales;
    }

    [Theory]
    [MemberData(nameof(Scales))]
    public void Every_distance_and_many_sums_are_exact(float scale)
    {
        Random random = new(1);
        foreach (int depth in (int[])[1, 2, 10, 257, 1000])
        {
            List<sbyte[]> rows = [];
            for (int i = 0; i < 64; i++)
            {
                // A ramp over all distances, behind more and more values close to the largest one; then random rows.
                int span = Math.Max(1, 1 << (i % 9));
                rows.Add([.. Enumerable.Range(0, depth)
                    .Select(k => (sbyte)(i < 32 && k < depth - 256 - (i * 8) ? 127 - random.Next(span) : 127 - (k % 256)))]);
                rows.Add([.. Enumerable.Range(0, depth).Select(_ => (sbyte)(127 - random.Next(span)))]);
            }
            foreach (sbyte value in (sbyte[])[-128, 0, 127])
            {
                rows.Add([.. Enumerable.Repeat(value, depth)]);
                rows.Add([.. Enumerable.Range(0, depth).Select(k => k == depth / 2 ? (sbyte)127 : value)]);
                rows.Add([.. Enumerable.Range(0, depth).Select(k => k == 0 ? (sbyte)-128 : value)]);
            }
            Check([rows.Count, depth], scale, CompileCheck.Accelerators[depth % CompileCheck.Accelerators.Length],
                [.. rows.SelectMany(row => row)]);
        }
    }

    [Theory]
    [InlineData(4095)]
    [InlineData(7)]
    [InlineData(3, 33)]
    [InlineData(2, 5, 24)]
    [InlineData(3, 4, 5, 6)]
    [InlineData(1, 16, 17, 3)]
    [InlineData(2, 1, 1, 1001)]
    public void Every_shape_on_every_target(params int[] shape)
    {
        Random random = new(2);
        var values = new sbyte[shape.Aggregate(1, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++)
            values[i] = (sbyte)random.Next(-128, 128);
        foreach (string accelerator in CompileCheck.Accelerators)
            Check(shape, 0.08f, accelerator, values);
        Array.Fill(values, (sbyte)-7);
        Check(shape, 0.08f, "ethos-u65-512", values);
    }

    private static void Check(int[] shape, float scale, string accelerator, sbyte[] values)
    {
        GraphBuilder builder = new("log_softmax");
        Tensor x = builder.AddInput("x", ElementType.Int8, new([.. shape]), Quantization.PerTensor(scale, 3));
        Tensor y = new("y", ElementType.Int8, x.Shape, Quantization.PerTensor(16f / 256, 127));
        builder.AddNode(new(new Unary(UnaryKind.LogSoftmax), [x], [y]));
        builder.AddOutput(y);
        CompileCheck check =
            CompileCheck.AgainstInterpreter(builder.Build(), new(CompileCheck.Target(accelerator, "Shared_Sram")),
            [[TensorData.From<sbyte>(x.Shape, values)]]);
        Assert.Equal(0, check.DifferingBytes);
        Assert.Empty(check.Violations.Take(10));
        Assert.True(check.Result.RunsEntirelyOnNpu);
        // The number that the finding on its cost names; stripes of a cascade count apart.
        Assert.True(check.Result.Operations.Length >= 59);
    }
}
