using EthosU.Graphs;

namespace EthosU.Optimize.Tests;

/// <summary>The graphs of <see cref="PassTests"/>; adding one is adding a method and its file.</summary>
internal static class PassCases
{
    public static void BatchNormalizationBehindConvolution(GraphBuilder b)
    {
        Tensor y = Conv(b, Image(b), 3, Padding.Valid);
        y = Add(b, new Binary(BinaryKind.Add), Add(b, new Binary(BinaryKind.Mul), y, Floats(b, 1, 1, 1, 4)), Floats(b, 4));
        b.AddOutput(Add(b, new Unary(UnaryKind.Relu), y));
    }

    public static void BatchNormalizationBeforeConvolution(GraphBuilder b)
    {
        Tensor y = Add(b, new Binary(BinaryKind.Add), Add(b, new Binary(BinaryKind.Mul), Image(b), Floats(b, 3)), Floats(b, 3));
        b.AddOutput(Conv(b, y, 3, Padding.Valid));
    }

    public static void BatchNormalizationBeforePaddedConvolutionKeepsItsOffset(GraphBuilder b)
    {
        Tensor y = Add(b, new Binary(BinaryKind.Add), Add(b, new Binary(BinaryKind.Mul), Image(b), Floats(b, 3)), Floats(b, 3));
        b.AddOutput(Conv(b, y, 3, Padding.Same));
    }

    public static void PadBecomesSame(GraphBuilder b) => b.AddOutput(Conv(b, Pad(b, Image(b), 1, 1), 3, Padding.Valid));

    public static void PadIsCutToWhatWindowsReach(GraphBuilder b)
    {
        Tensor x = Pad(b, Image(b), 1, 1);
        b.AddOutput(Add(b, new Conv2D(Padding.Valid, 2, 2), x, Floats(b, 4, 3, 3, 3), Floats(b, 4)));
    }

    public static void PadBeforeMeanStays(GraphBuilder b) =>
        b.AddOutput(Add(b, new Pool2D(PoolKind.Average, Padding.Valid, 1, 1, 3, 3), Pad(b, Image(b), 1, 1)));

    public static void ReluAndThenRelu6(GraphBuilder b) =>
        b.AddOutput(Add(b, new Unary(UnaryKind.Relu6), Add(b, new Unary(UnaryKind.Relu), Conv(b, Image(b), 1, Padding.Valid))));

    public static void ActivationOfASharedValueStays(GraphBuilder b)
    {
        Tensor y = Conv(b, Image(b), 1, Padding.Valid);
        b.AddOutput(Add(b, new Unary(UnaryKind.Relu), y));
        b.AddOutput(Add(b, new Unary(UnaryKind.Tanh), y));
    }

    public static void ShuffleOfOblongBlocksTransposesFiveAxes(GraphBuilder b)
    {
        Tensor x = Add(b, new Reshape(), Volume(b, 1, 18, 4, 5), Integers(b, 1, 3, 2, 3, 4, 5));
        x = Add(b, new Transpose(), x, Integers(b, 0, 1, 4, 2, 5, 3));
        b.AddOutput(Add(b, new Reshape(), x, Integers(b, 1, 3, 8, 15)));
    }

    public static void WindowsTransposeFourAxes(GraphBuilder b)
    {
        Tensor x = Add(b, new Reshape(), Volume(b, 1, 8, 6, 5), Integers(b, 1, 4, 2, 3, 2, 5));
        x = Add(b, new Transpose(), x, Integers(b, 0, 1, 3, 2, 4, 5));
        b.AddOutput(Add(b, new Reshape(), x, Integers(b, 12, 4, 5)));
    }

    public static void SixAxesThatAllMoveTransposeInSteps(GraphBuilder b) =>
        b.AddOutput(Add(b, new Transpose(), Volume(b, 2, 3, 4, 2, 3, 2), Integers(b, 5, 2, 4, 1, 3, 0)));

    public static void BroadcastOverFiveAxesComputesOnFewer(GraphBuilder b) =>
        b.AddOutput(Add(b, new Binary(BinaryKind.Mul), Volume(b, 2, 3, 4, 5, 6), Floats(b, 2, 3, 1, 1, 6)));

    public static void SlopesOverFiveAxesComputeOnFewer(GraphBuilder b) =>
        b.AddOutput(Add(b, new PRelu(), Volume(b, 2, 3, 4, 5, 6), Floats(b, 3, 1, 1, 1)));

    public static void SlopesOfEveryElementComputeOnFewerAxes(GraphBuilder b) =>
        b.AddOutput(Add(b, new PRelu(), Volume(b, 2, 3, 4, 5, 6), Floats(b, 2, 3, 4, 5, 6)));

    public static void FlattenBeforeLinear(GraphBuilder b)
    {
        Tensor x = Add(b, new Transpose(), Conv(b, Image(b), 3, Padding.Same), Integers(b, 0, 3, 1, 2));
        x = Add(b, new Reshape(), Add(b, new Unary(UnaryKind.Relu), x), Integers(b, 1, 256));
        b.AddOutput(Add(b, new FullyConnected(), x, Floats(b, 10, 256), Floats(b, 10)));
    }

    public static void ChannelShuffleBetweenConvolutions(GraphBuilder b)
    {
        Tensor x = Add(b, new Reshape(), Conv(b, Image(b), 3, Padding.Same), Integers(b, 1, 8, 8, 2, 2));
        x = Add(b, new Reshape(), Add(b, new Transpose(), x, Integers(b, 0, 1, 2, 4, 3)), Integers(b, 1, 8, 8, 4));
        b.AddOutput(Conv(b, x, 3, Padding.Same));
    }

    public static void GroupedConvolutionsInARow(GraphBuilder b)
    {
        Tensor x = b.AddInput("image", ElementType.Float32, [1, 8, 8, 16]);
        Tensor y = Add(b, new Conv2D(Padding.Same, 1, 1), x, Floats(b, 16, 3, 3, 8), Floats(b, 16));
        y = Add(b, new Conv2D(Padding.Same, 1, 1), Add(b, new Unary(UnaryKind.Relu), y), Floats(b, 32, 1, 1, 8));
        b.AddOutput(Add(b, new Conv2D(Padding.Valid, 2, 2), y, Floats(b, 16, 3, 3, 16), Floats(b, 16)));
    }

    public static void NarrowGroupsComeTogether(GraphBuilder b)
    {
        Tensor x = b.AddInput("image", ElementType.Float32, [1, 8, 8, 12]);
        b.AddOutput(Add(b, new Conv2D(Padding.Same, 1, 1), x, Floats(b, 12, 3, 3, 2), Floats(b, 12)));
    }

    public static void ChannelShuffleBetweenGroupedConvolutions(GraphBuilder b)
    {
        Tensor x = b.AddInput("image", ElementType.Float32, [1, 8, 8, 16]);
        x = Add(b, new Conv2D(Padding.Same, 1, 1), x, Floats(b, 16, 3, 3, 8), Floats(b, 16));
        x = Add(b, new Reshape(), x, Integers(b, 1, 8, 8, 2, 8));
        x = Add(b, new Reshape(), Add(b, new Transpose(), x, Integers(b, 0, 1, 2, 4, 3)), Integers(b, 1, 8, 8, 16));
        b.AddOutput(Add(b, new Conv2D(Padding.Same, 1, 1), x, Floats(b, 16, 3, 3, 8), Floats(b, 16)));
    }

    public static void TransposesAroundAJoin(GraphBuilder b)
    {
        Tensor x = Image(b);
        Tensor left = Add(b, new Transpose(), Conv(b, x, 3, Padding.Same), Integers(b, 0, 3, 1, 2));
        Tensor right = Add(b, new Transpose(), Conv(b, x, 1, Padding.Same), Integers(b, 0, 3, 1, 2));
        Tensor y = Add(b, new Concatenation(1), Add(b, new Binary(BinaryKind.Add), left, right), left);
        b.AddOutput(Add(b, new Transpose(), Add(b, new Binary(BinaryKind.Mul), y, Floats(b, 8, 1, 1)), Integers(b, 0, 2, 3, 1)));
    }

    public static void SoftmaxOverChannels(GraphBuilder b)
    {
        Tensor x = Add(b, new Transpose(), Add(b, new Unary(UnaryKind.Tanh), Image(b)), Integers(b, 0, 3, 1, 2));
        x = Add(b, new Softmax(), Add(b, new Transpose(), x, Integers(b, 0, 2, 3, 1)));
        b.AddOutput(Add(b, new Reduce(ReduceKind.Mean, false), x, Integers(b, 1, 2)));
    }

    public static void MeanAndSqueeze(GraphBuilder b) =>
        b.AddOutput(Add(b, new Reshape(), Add(b, new Reduce(ReduceKind.Mean, true), Image(b), Integers(b, 1, 2)), Integers(b, 1, 3)));

    public static void SequenceConvolution(GraphBuilder b)
    {
        Tensor x = b.AddInput("x", ElementType.Float32, [1, 8, 3]);
        Tensor y = Conv(b, Add(b, new Reshape(), x, Integers(b, 1, 1, 8, 3)), 1, Padding.Valid);
        y = Add(b, new Unary(UnaryKind.Relu), Add(b, new Reshape(), y, Integers(b, 1, 8, 4)));
        b.AddOutput(Conv(b, Add(b, new Reshape(), y, Integers(b, 1, 1, 8, 4)), 1, Padding.Valid));
    }

    public static void PixelShuffle(GraphBuilder b)
    {
        Tensor x = b.AddInput("x", ElementType.Float32, [1, 12, 4, 5]);
        x = Add(b, new Transpose(), Add(b, new Reshape(), x, Integers(b, 1, 3, 2, 2, 4, 5)), Integers(b, 0, 1, 4, 2, 5, 3));
        b.AddOutput(Add(b, new Reshape(), x, Integers(b, 1, 3, 8, 10)));
    }

    public static void MeansOfGatheredWindowsAreConvolutions(GraphBuilder b)
    {
        int[] rows = [0, 2, 4], columns = [0, 2, 3];
        Tensor x = b.AddInput("x", ElementType.Float32, [7, 6, 1, 4]);
        Tensor indices = b.AddConstant(b.MakeName("indices"), TensorData.From<int>([3, 3, 3, 2, 2],
            [.. rows.SelectMany(r => Enumerable.Range(r, 3)).SelectMany(r => columns.SelectMany(c => (int[])[r, c, r, c + 1]))]));
        b.AddOutput(Add(b, new Reduce(ReduceKind.Mean, false), Add(b, new GatherNd(), x, indices), Integers(b, 1, 3)));
    }

    public static void MeansOfGatheredStepsAreConvolutions(GraphBuilder b)
    {
        Tensor x = b.AddInput("x", ElementType.Float32, [2, 10, 4]);
        Tensor indices = b.AddConstant(b.MakeName("indices"), TensorData.From<int>([3, 4], [0, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9]));
        b.AddOutput(Add(b, new Reduce(ReduceKind.Mean, false), Add(b, new Gather(1), x, indices), Integers(b, 2)));
    }

    public static void PickedChannelsMoveIntoWeights(GraphBuilder b)
    {
        Tensor y = Add(b, new Unary(UnaryKind.Relu), Add(b, new Conv2D(Padding.Same, 1, 1), Image(b), Floats(b, 4, 3, 3, 3), Floats(b, 4)));
        y = Add(b, new Unary(UnaryKind.Tanh), Add(b, new Gather(3), y, Integers(b, 3, 1, 0)));
        y = Add(b, new Gather(-1), y, Integers(b, 2, 0, 0, 1, 2));
        b.AddOutput(Add(b, new Conv2D(Padding.Same, 1, 1), y, Floats(b, 2, 1, 1, 5), Floats(b, 2)));
    }

    public static void PixelUnshuffle(GraphBuilder b)
    {
        Tensor x = b.AddInput("x", ElementType.Float32, [1, 3, 8, 10]);
        x = Add(b, new Transpose(), Add(b, new Reshape(), x, Integers(b, 1, 3, 4, 2, 5, 2)), Integers(b, 0, 1, 3, 5, 2, 4));
        b.AddOutput(Add(b, new Reshape(), x, Integers(b, 1, 12, 4, 5)));
    }

    public static void HardSwish(GraphBuilder b)
    {
        Tensor x = Image(b);
        Tensor gate = Add(b, new Unary(UnaryKind.Relu6), Add(b, new Binary(BinaryKind.Add), Number(b, 3), x));
        b.AddOutput(Add(b, new Binary(BinaryKind.Div), Add(b, new Binary(BinaryKind.Mul), gate, x), Number(b, 6)));
    }

    public static void GeluByTanh(GraphBuilder b)
    {
        Tensor x = Image(b);
        Tensor cube = Add(b, new Binary(BinaryKind.Pow), x, Number(b, 3));
        Tensor sum = Add(b, new Binary(BinaryKind.Add), x, Add(b, new Binary(BinaryKind.Mul), Number(b, 0.044715f), cube));
        Tensor tanh = Add(b, new Unary(UnaryKind.Tanh), Add(b, new Binary(BinaryKind.Mul), sum, Number(b, 0.7978846f)));
        Tensor half = Add(b, new Binary(BinaryKind.Mul), x, Number(b, 0.5f));
        b.AddOutput(Add(b, new Binary(BinaryKind.Mul), half, Add(b, new Binary(BinaryKind.Add), tanh, Number(b, 1))));
    }

    public static void LayerNormalization(GraphBuilder b)
    {
        Tensor x = b.AddInput("x", ElementType.Float32, [1, 6, 8]);
        Tensor centred = Add(b, new Binary(BinaryKind.Sub), x, Add(b, new Reduce(ReduceKind.Mean, true), x, Integers(b, 2)));
        Tensor variance =
            Add(b, new Reduce(ReduceKind.Mean, true), Add(b, new Binary(BinaryKind.Pow), centred, Number(b, 2)), Integers(b, 2));
        Tensor deviation = Add(b, new Unary(UnaryKind.Sqrt), Add(b, new Binary(BinaryKind.Add), variance, Number(b, 1e-5f)));
        Tensor y = Add(b, new Binary(BinaryKind.Mul), Add(b, new Binary(BinaryKind.Div), centred, deviation), Floats(b, 8));
        b.AddOutput(Add(b, new FullyConnected(KeepNumDims: true), Add(b, new Binary(BinaryKind.Add), y, Floats(b, 8)), Floats(b, 4, 8)));
    }

    public static void TransposedKeysOfAttention(GraphBuilder b)
    {
        Tensor q = b.AddInput("q", ElementType.Float32, [1, 2, 6, 4]), k = b.AddInput("k", ElementType.Float32, [1, 2, 6, 4]);
        b.AddOutput(Add(b, new Softmax(), Add(b, new BatchMatMul(), q, Add(b, new Transpose(), k, Integers(b, 0, 1, 3, 2)))));
    }

    public static void EqualNodesOnce(GraphBuilder b)
    {
        Tensor x = Image(b);
        Tensor first = Add(b, new Binary(BinaryKind.Mul), x, Number(b, 2)), second = Add(b, new Binary(BinaryKind.Mul), Number(b, 2), x);
        b.AddOutput(Add(b, new Binary(BinaryKind.Maximum), Add(b, new Unary(UnaryKind.Exp), first),
            Add(b, new Unary(UnaryKind.Tanh), second)));
    }

    private static Tensor Image(GraphBuilder b) => b.AddInput("image", ElementType.Float32, [1, 8, 8, 3]);

    private static Tensor Volume(GraphBuilder b, params int[] shape) => b.AddInput("volume", ElementType.Float32, new([.. shape]));

    private static Tensor Conv(GraphBuilder b, Tensor x, int size, Padding padding) =>
        Add(b, new Conv2D(padding, 1, 1), x, Floats(b, 4, x.Shape[1] == 1 ? 1 : size, size, x.Shape[3]), Floats(b, 4));

    private static Tensor Pad(GraphBuilder b, Tensor x, int before, int after) =>
        Add(b, new Pad(), x, b.AddConstant("paddings", TensorData.From<int>([4, 2], [0, 0, before, after, before, after, 0, 0])));

    private static Tensor Add(GraphBuilder b, Operator op, params Tensor?[] operands) => b.Add(op, "t", Source.None, operands);

    private static Tensor Integers(GraphBuilder b, params int[] numbers) => b.AddIntegers("ints", numbers);

    private static Tensor Number(GraphBuilder b, float value) => b.AddConstant("number", TensorData.Scalar(value));

    private static Tensor Floats(GraphBuilder b, params int[] shape)
    {
        Shape sizes = new([.. shape]);
        return b.AddConstant("floats",
            TensorData.From<float>(sizes, [.. Enumerable.Range(0, (int)sizes.ElementCount).Select(i => ((i * 37) % 19 / 10f) - 0.9f)]));
    }
}
