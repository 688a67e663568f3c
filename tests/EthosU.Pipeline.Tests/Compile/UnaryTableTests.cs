using EthosU.Graphs;
using EthosU.Npu;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>
/// Compiler and interpreter have their own forms of each function of 8 bits: they agree in every entry, for scales from tiny to huge.
/// </summary>
public sealed class UnaryTableTests
{
    public static TheoryData<string> Functions =>
        ["GELU", "GELU approximate", "LOGISTIC", "LOGISTIC of nearly 1/256", "TANH", "TANH of nearly 1/128", "HARD_SWISH", "EXP", "LOG", "LEAKY_RELU"];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_entry_is_the_interpreters(string function)
    {
        Random random = new(11);
        (Operator op, Quantization? output) = function switch
        {
            "GELU" => (new Gelu(), null),
            "GELU approximate" => (new Gelu(Approximate: true), null),
            "LOGISTIC" => (new Unary(UnaryKind.Logistic), Quantization.PerTensor(1 / 256f, -128)),
            // Kernels write one quantization, also where the model names another one close to it.
            "LOGISTIC of nearly 1/256" => (new Unary(UnaryKind.Logistic), Quantization.PerTensor(0.0039072f, -128)),
            "TANH of nearly 1/128" => (new Unary(UnaryKind.Tanh), Quantization.PerTensor(0.0078150f, 0)),
            "TANH" => (new Unary(UnaryKind.Tanh), Quantization.PerTensor(1 / 128f, 0)),
            "HARD_SWISH" => (new Unary(UnaryKind.HardSwish), null),
            "EXP" => (new Unary(UnaryKind.Exp), null),
            "LOG" => (new Unary(UnaryKind.Log), null),
            _ => ((Operator)new LeakyRelu(0.1f), (Quantization?)null),
        };
        byte[] all = [.. Enumerable.Range(0, 256).Select(static i => (byte)i)];
        int onNpu = 0;
        for (int i = 0; i < 300; i++)
        {
            float scale = MathF.Pow(2, (random.NextSingle() * 16) - 12);
            GraphBuilder builder = new("table");
            Tensor x = builder.AddInput("x", ElementType.Int8, new([1, 256]), Quantization.PerTensor(scale, random.Next(-128, 128)));
            Tensor y = new("y", ElementType.Int8, x.Shape,
                output ?? Quantization.PerTensor(scale * MathF.Pow(2, random.NextSingle() * 2), random.Next(-128, 128)));
            builder.AddNode(new(op, [x], [y]));
            builder.AddOutput(y);
            CompileCheck check =
                CompileCheck.AgainstInterpreter(builder.Build(), new CompileOptions(CompileCheck.Target("ethos-u55-128", "Shared_Sram")),
                [[new TensorData(x.Type, x.Shape, all)]]);
            Assert.True(check.DifferingBytes == 0, $"{check.DifferingBytes} entries differ: {x.Quantization}, {y.Quantization}");
            onNpu += check.Result.NpuOperatorCount;
        }
        Assert.True(onNpu > 200);
    }
}
