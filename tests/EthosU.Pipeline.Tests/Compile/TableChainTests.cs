using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>Operators that depend on one value of 8 bits, on reals or not, become one table that holds the kernels' results.</summary>
public sealed class TableChainTests
{
    private static readonly Quantization Narrow = Quantization.PerTensor(0.031f, -3), Result = Quantization.PerTensor(0.027f, 11);

    public static TheoryData<string> Chains => [.. Cases.Keys];

    private static Dictionary<string, Func<Chain, Tensor, Tensor>> Cases
    {
        get
        {
            Dictionary<string, Func<Chain, Tensor, Tensor>> cases = new()
            {
                ["mish"] = static (c, x) => c.Of(BinaryKind.Mul, x, c.Of(UnaryKind.Tanh, c.Of(UnaryKind.Log,
                    c.Of(BinaryKind.Add, c.Of(UnaryKind.Exp, x), c.Number(1))))),
                ["softplus and reciprocal"] = static (c, x) => c.Of(BinaryKind.Div, c.Number(1), c.Of(UnaryKind.Log,
                    c.Of(BinaryKind.Add, c.Of(UnaryKind.Exp, x), c.Number(1)))),
                ["softsign"] = static (c, x) => c.Of(BinaryKind.Div, x, c.Of(BinaryKind.Add, c.Of(UnaryKind.Abs, x), c.Number(1))),
                ["power"] = static (c, x) => c.Of(BinaryKind.Pow, c.Of(UnaryKind.Abs, x), c.Number(2.7f)),
                ["square root of what may be negative"] = static (c, x) => c.Of(UnaryKind.Sqrt, x),
                ["choice"] = static (c, x) => c.Add(new SelectV2(), ElementType.Float32,
                    c.Add(new Compare(CompareKind.Greater), ElementType.Bool, x, c.Number(0.4f)), x, c.Of(UnaryKind.Exp, x)),
                ["old choice"] = static (c, x) => c.Add(new Select(), ElementType.Float32,
                    c.Add(new Compare(CompareKind.LessEqual), ElementType.Bool, x, c.Number(0.4f)), x, c.Of(UnaryKind.Square, x)),
                ["comparison as a number"] = static (c, x) => c.Add(new Cast(), ElementType.Float32,
                    c.Add(new Compare(CompareKind.NotEqual), ElementType.Bool, x, c.Number(0))),
                ["steps"] = static (c, x) => c.Add(new Cast(), ElementType.Float32, c.Add(new Cast(), ElementType.Int32, x)),
                ["a reshape inside"] = static (c, x) => c.Of(UnaryKind.Cos, c.Reshape(c.Of(UnaryKind.Sin, x))),
                ["the same number many times"] = static (c, x) => c.Of(UnaryKind.Exp,
                    c.Of(BinaryKind.Mul, x, c.Constant(TensorData.From<float>([1, 1, 1, 6], [.. Enumerable.Repeat(0.7f, 6)])))),
                ["nothing"] = static (_, x) => x,
            };
            foreach (UnaryKind kind in Enum.GetValues<UnaryKind>())
                if (kind is not (UnaryKind.LogicalNot or UnaryKind.LogSoftmax))
                    cases[kind.ToString()] = (c, x) => c.Of(kind, x);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Chains))]
    public void A_chain_on_reals_is_exact_and_on_the_NPU(string name)
    {
        foreach (ElementType type in (ElementType[])[ElementType.Int8, ElementType.Int16])
        {
            Chain chain = new(name);
            Tensor y = chain.Quantize(Cases[name](chain, chain.Dequantize(chain.Input)), type);
            (Graph graph, CompileCheck check) = chain.Compile([], y);
            Assert.True(check.DifferingBytes == 0, $"{name} to {type}: {check.DifferingBytes} bytes differ");
            Assert.Empty(check.Violations.Take(3));
            Assert.True(check.Result.RunsEntirelyOnNpu, $"{name} to {type} is on the CPU: {check.Result.Findings.FirstOrDefault()}");
            Assert.Equal(graph.Nodes.Length, check.Result.Placement.Length);
        }
    }

    [Fact]
    public void Integer_operators_of_one_value_are_one_table_in_the_convolution_before_them()
    {
        Chain chain = new("silu");
        Tensor x = chain.Convolve(chain.Input);
        Tensor gate = chain.Add(new Unary(UnaryKind.Logistic), ElementType.Int8, Quantization.PerTensor(1 / 256f, -128), x);
        Tensor y = chain.Add(new Binary(BinaryKind.Mul), ElementType.Int8, Result, x, gate);
        (_, CompileCheck check) = chain.Compile([], y);
        Assert.Equal(0, check.DifferingBytes);
        Assert.Single(check.Result.Operations);
    }

    [Fact]
    public void A_value_that_others_read_is_made_and_not_made_again()
    {
        Chain chain = new("fork");
        Tensor x = chain.Convolve(chain.Input), rectified = chain.Add(new Unary(UnaryKind.Relu), ElementType.Int8, Result, x);
        Tensor root = chain.Quantize(chain.Of(UnaryKind.Sqrt, chain.Dequantize(rectified)), ElementType.Int8);
        Tensor next = chain.Convolve(rectified);
        (_, CompileCheck check) = chain.Compile([], root, next);
        Assert.Equal(0, check.DifferingBytes);
        Assert.True(check.Result.RunsEntirelyOnNpu);
        Assert.True(check.Result.Operations.Length <= 4, string.Join("; ", check.Result.Operations));
    }

    [Fact]
    public void Functions_of_two_values_stay_what_they_are()
    {
        Chain chain = new("two");
        Tensor x = chain.Dequantize(chain.Input), other = chain.Dequantize(chain.Convolve(chain.Input));
        (_, CompileCheck check) = chain.Compile([], chain.Quantize(chain.Of(BinaryKind.Div, x, other), ElementType.Int8));
        Assert.Equal(0, check.DifferingBytes);
        Assert.Equal(["DEQUANTIZE", "DEQUANTIZE", "DIV", "QUANTIZE"],
            check.Result.Placement.Where(static node => node.NpuOperator is null).Select(static node => node.Operator).Order());
    }

    [Fact]
    public void What_the_user_keeps_on_the_CPU_stays_there()
    {
        Chain chain = new("kept");
        Tensor root = chain.Of(UnaryKind.Sqrt, chain.Dequantize(chain.Convolve(chain.Input)));
        (_, CompileCheck check) = chain.Compile([root.Name], chain.Quantize(root, ElementType.Int8));
        Assert.Equal(0, check.DifferingBytes);
        Assert.Contains(check.Compiled.Nodes, static node => node.Operator is Unary { Kind: UnaryKind.Sqrt });
    }

    [Fact]
    public void Reals_that_are_asked_for_are_given_beside_the_table()
    {
        Chain chain = new("both");
        Tensor real = chain.Of(UnaryKind.Exp, chain.Dequantize(chain.Convolve(chain.Input)));
        Tensor next = chain.Convolve(chain.Quantize(real, ElementType.Int8));
        (_, CompileCheck check) = chain.Compile([], real, next);
        Assert.Equal(0, check.DifferingBytes);
        Assert.Equal(1, check.Result.NpuOperatorCount);
    }

    /// <summary>A small graph, node by node.</summary>
    private sealed class Chain
    {
        private static readonly ImmutableArray<int> Sizes = [1, 7, 5, 6];
        private readonly GraphBuilder builder;
        private int names;

        public Chain(string name)
        {
            builder = new(name);
            Input = builder.AddInput("x", ElementType.Int8, new(Sizes), Narrow);
        }

        public Tensor Input { get; }

        public Tensor Dequantize(Tensor x) => Add(new Dequantize(), ElementType.Float32, x);

        public Tensor Quantize(Tensor x, ElementType type) =>
            Add(new Graphs.Quantize(), type, type == ElementType.Int8 ? Result : Quantization.PerTensor(0.00031f, 0), x);

        public Tensor Number(float value) => Constant(TensorData.Scalar(value));

        public Tensor Constant(TensorData data) => new($"constant{names++}", data);

        public Tensor Of(UnaryKind kind, Tensor x) => Add(new Unary(kind), ElementType.Float32, x);

        public Tensor Of(BinaryKind kind, Tensor x, Tensor y) => Add(new Binary(kind), ElementType.Float32, x, y);

        public Tensor Reshape(Tensor x)
        {
            Tensor y = new($"t{names++}", x.Type, new([35, 6]), x.Quantization);
            builder.AddNode(new(new Reshape(), [x, new($"shape{names++}", TensorData.Vector<int>([35, 6]))], [y]));
            return y;
        }

        public Tensor Convolve(Tensor x)
        {
            Random random = new(9);
            sbyte[] weights = [.. Enumerable.Range(0, 36).Select(_ => (sbyte)random.Next(-127, 128))];
            Tensor filter = new($"weights{names++}", TensorData.From<sbyte>([6, 1, 1, 6], weights),
                Quantization.PerTensor(0.004f, 0));
            Tensor bias = new($"bias{names++}", TensorData.From<int>([6], new int[6]),
                Quantization.PerTensor(0.004f * x.Quantization!.Scale, 0));
            return Add(new Conv2D(Padding.Valid, 1, 1), ElementType.Int8, Narrow, x, filter, bias);
        }

        public Tensor Add(Operator op, ElementType type, params Tensor[] operands) => Add(op, type, null, operands);

        public Tensor Add(Operator op, ElementType type, Quantization? quantization, params Tensor[] operands)
        {
            Tensor y = new($"t{names++}", type, operands.First(static operand => !operand.IsConstant).Shape, quantization);
            builder.AddNode(new(op, [.. operands], [y]));
            return y;
        }

        public (Graph Graph, CompileCheck Check) Compile(string[] kept, params Tensor[] outputs)
        {
            foreach (Tensor output in outputs)
                builder.AddOutput(output);
            Graph graph = builder.Build();
            byte[] all = [.. Enumerable.Range(0, 210).Select(static i => (byte)i)], rest = [.. all.Select(static i => (byte)(i + 60))];
            return (graph, CompileCheck.AgainstInterpreter(graph,
                new CompileOptions(CompileCheck.Target("ethos-u55-128", "Shared_Sram")) { KeepOnCpu = kept },
                [[new TensorData(Input.Type, Input.Shape, all)], [new TensorData(Input.Type, Input.Shape, rest)]]));
        }
    }
}
