using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Npu.Tests.Support;

/// <summary>For each rule a node that breaks it, and for its neighbour one that just does not.</summary>
internal static class RuleCases
{
    private const ElementType I8 = ElementType.Int8, U8 = ElementType.UInt8, I16 = ElementType.Int16, I32 = ElementType.Int32,
        I64 = ElementType.Int64, F32 = ElementType.Float32;
    private const float Scale = 0.5f;
    private static readonly Conv2D Plain = new(Padding.Valid, 1, 1);

    /// <summary>Nodes that break the rule of the given id.</summary>
    public static IEnumerable<(string Rule, Node Node)> Breaking()
    {
        yield return ("npu-gen-type", Unary(UnaryKind.Relu, T(F32, 1, 4), T(F32, 1, 4)));
        yield return ("npu-gen-int32", Binary(BinaryKind.Maximum, T(I32, 1, 4), T(I32, 1, 4), T(I32, 1, 4)));
        yield return ("npu-gen-quant", Unary(UnaryKind.Relu, Raw(I8, 1, 4), T(I8, 1, 4)));
        yield return ("npu-gen-quant", Conv(Plain, T(I8, 1, 4, 4, 8), new("w", Data(I8, 8, 1, 1, 8)), T(I8, 1, 4, 4, 8)));
        yield return ("npu-gen-quant-scale",
            Unary(UnaryKind.Relu, T(I8, 1, 4).WithQuantization(Quantization.PerTensor(0, 0)), T(I8, 1, 4)));
        yield return ("npu-gen-quant-scale",
            Unary(UnaryKind.Relu, T(I8, 1, 4), T(I8, 1, 4).WithQuantization(Quantization.PerTensor(float.NaN, 0))));
        yield return ("npu-gen-quant-scale",
            Unary(UnaryKind.Relu, T(I8, 1, 4).WithQuantization(Quantization.PerTensor(MathF.ScaleB(1, 31), 0)),
                T(I8, 1, 4).WithQuantization(Quantization.PerTensor(1, 0))));
        yield return ("npu-gen-quant-scale",
            Unary(UnaryKind.Logistic, T(I8, 1, 4).WithQuantization(Quantization.PerTensor(16, 0)),
                T(I8, 1, 4).WithQuantization(Quantization.PerTensor(1f / 256, -128))));
        yield return ("npu-gen-per-axis",
            Unary(UnaryKind.Relu, T(I8, 1, 2).WithQuantization(Quantization.PerAxisSymmetric([1, 2], 1)), T(I8, 1, 2)));
        yield return ("npu-gen-zero-range",
            Unary(UnaryKind.Relu, T(I8, 1, 4), T(I8, 1, 4).WithQuantization(Quantization.PerTensor(1, 4294967297))));
        yield return ("npu-gen-zero-range",
            Conv(Plain, T(I8, 1, 4, 4, 8), W(8, 1, 1, 8).WithQuantization(Quantization.PerTensor(1, 269)), T(I8, 1, 4, 4, 8)));
        yield return ("npu-gen-factor", N(new LeakyRelu(float.NaN), [T(I8, 1, 4)], T(I8, 1, 4)));
        yield return ("npu-gen-factor",
            Conv(Plain, T(I16, 1, 4, 4, 8), W(8, 1, 1, 8).WithQuantization(Quantization.PerTensor(40000, 0)), T(I16, 1, 4, 4, 8)));
        yield return ("npu-gen-factor",
            Binary(BinaryKind.SquaredDifference, T(I16, 1, 4), T(I16, 1, 4).WithQuantization(Quantization.PerTensor(1e9f, 0)),
                T(I16, 1, 4).WithQuantization(Quantization.PerTensor(1, 0))));
        yield return ("npu-gen-zero-point",
            N(new Transpose(), [T(I32, 1, 4).WithQuantization(Quantization.PerTensor(1, 3)), Shape(1, 0)], T(I32, 4, 1)));
        yield return ("npu-gen-dim", Unary(UnaryKind.Relu, T(I8, 1, 65537), T(I8, 1, 65537)));
        yield return ("npu-gen-dim", Unary(UnaryKind.Relu, T(I8, 1, 0), T(I8, 1, 0)));
        yield return ("npu-gen-size", Unary(UnaryKind.Relu, T(I8, 1, 65536, 65536, 2), T(I8, 1, 65536, 65536, 2)));
        yield return ("npu-gen-fused-act",
            Conv(Plain with { Activation = FusedActivation.SignBit }, T(I8, 1, 4, 4, 8), W(8, 1, 1, 8), T(I8, 1, 4, 4, 8)));
        yield return ("npu-gen-asym-weights",
            Conv(Plain, T(I8, 1, 4, 4, 8), W(8, 1, 1, 8).WithQuantization(Quantization.PerTensor(1, 5)), T(I8, 1, 4, 4, 8)));

        yield return ("npu-gen-int32", Binary(BinaryKind.Add, T(I32, 1, 4), T(I32, 1, 4), T(I32, 1, 4)));
        yield return ("npu-gen-shape", N(new Quantize(), [T(I8, 1, 4)], T(I8, 1, 3)));
        yield return ("npu-gen-shape", new Node(new Unpack(0), [T(I8, 2, 4)], [T(I8, 4), T(I8, 3)]));
        yield return ("npu-gen-fixed-output", Unary(UnaryKind.Logistic, T(I8, 1, 4), T(I8, 1, 4)));
        yield return ("npu-gen-fixed-output",
            Unary(UnaryKind.Tanh, T(I8, 1, 4), T(I8, 1, 4).WithQuantization(Quantization.PerTensor(1 / 128f, 3))));
        yield return ("npu-gen-fixed-output",
            N(new Softmax(1), [T(I8, 1, 4)], T(I8, 1, 4).WithQuantization(Quantization.PerTensor(1 / 256f, 0))));
        // 128 steps times a quotient of 2^24: the kernel shifts them left by 25 bits.
        yield return ("npu-gen-overflow",
            Unary(UnaryKind.Abs, T(I8, 1, 4).WithQuantization(Quantization.PerTensor(1 << 23, 0)), T(I8, 1, 4)));
        yield return ("npu-gen-overflow",
            Binary(BinaryKind.Add, T(I8, 1, 4), T(I8, 1, 4), T(I8, 1, 4).WithQuantization(Quantization.PerTensor(Scale / (1 << 20), 0))));
        yield return ("npu-gen-overflow",
            Conv(Plain, T(I8, 1, 4, 4, 8), W(8, 1, 1, 8).WithQuantization(Quantization.PerTensor(1e6f, 0)),
                T(I8, 1, 4, 4, 8).WithQuantization(Quantization.PerTensor(0.001f, 0))));
        yield return ("npu-softmax-depth",
            N(new Softmax(1), [T(I8, 1, 4096)], T(I8, 1, 4096).WithQuantization(Quantization.PerTensor(1 / 256f, -128))));

        yield return ("npu-conv-stride", Conv(new(Padding.Same, 4, 4), T(I8, 1, 16, 16, 8), W(8, 5, 5, 8), T(I8, 1, 4, 4, 8)));
        yield return ("npu-conv-stride", Conv(new(Padding.Valid, 4, 4, 2, 2), T(I8, 1, 16, 16, 8), W(8, 2, 2, 8), T(I8, 1, 4, 4, 8)));
        yield return ("npu-conv-kernel-height", Conv(new(Padding.Same, 1, 1, 2), T(I8, 1, 70, 4, 8), W(8, 33, 1, 8), T(I8, 1, 70, 4, 8)));
        yield return ("npu-conv-kernel-area", Conv(new(Padding.Same, 1, 1), T(I8, 1, 70, 70, 1), W(1, 64, 65, 1), T(I8, 1, 70, 70, 1)));
        yield return ("npu-conv-weight-type", Conv(Plain, T(I8, 1, 4, 4, 8), Constant(I16, 8, 1, 1, 8), T(I8, 1, 4, 4, 8)));
        yield return ("npu-conv-weight-const", Conv(Plain, T(I8, 1, 4, 4, 8), T(I8, 8, 1, 1, 8), T(I8, 1, 4, 4, 8)));
        yield return ("npu-conv-weight-sum", Conv(Plain, T(I8, 1, 2, 2, 20000), W(1, 2, 2, 20000), T(I8, 1, 1, 1, 1)));
        yield return ("npu-conv-bias-type", N(Plain, [T(I8, 1, 4, 4, 8), W(8, 1, 1, 8), Constant(I16, 8)], T(I8, 1, 4, 4, 8)));
        yield return ("npu-conv-bias-const", N(Plain, [T(I8, 1, 4, 4, 8), W(8, 1, 1, 8), T(I32, 8)], T(I8, 1, 4, 4, 8)));
        yield return ("npu-conv-bias-range",
            N(Plain, [T(I16, 1, 4, 4, 8), W(1, 1, 1, 8), new("b", TensorData.Vector(1L << 39))], T(I16, 1, 4, 4, 1)));
        yield return ("npu-dw-stride",
            N(new DepthwiseConv2D(Padding.Valid, 4, 4), [T(I8, 1, 16, 16, 8), W(1, 1, 1, 8), null], T(I8, 1, 4, 4, 8)));
        yield return ("npu-tconv-stride",
            N(new TransposeConv(Padding.Same, 40, 40), [Shape(1, 160, 160, 8), W(8, 3, 3, 8), T(I8, 1, 4, 4, 8), null],
                T(I8, 1, 160, 160, 8)));
        yield return ("npu-tconv-size",
            N(new TransposeConv(Padding.Same, 2, 2), [Shape(1, 9, 9, 8), W(8, 3, 3, 8), T(I8, 1, 4, 4, 8), null], T(I8, 1, 9, 9, 8)));
        yield return ("npu-fc-dynamic", N(new FullyConnected(), [T(I16, 1, 8), T(I8, 4, 8), null], T(I16, 1, 4)));
        yield return ("npu-fc-format", N(new FullyConnected(ShuffledWeights: true), [T(I8, 1, 8), W(4, 8), null], T(I8, 1, 4)));

        yield return ("npu-pool-type", Pool(PoolKind.Max, Padding.Valid, 1, 2, T(I8, 1, 4, 4, 8), T(I16, 1, 3, 3, 8)));
        yield return ("npu-pool-stride", Pool(PoolKind.Max, Padding.Same, 4, 5, T(I8, 1, 16, 16, 8), T(I8, 1, 4, 4, 8)));
        yield return ("npu-avgpool-kernel-padded", Pool(PoolKind.Average, Padding.Same, 1, 9, T(I8, 1, 16, 16, 8), T(I8, 1, 16, 16, 8)));
        yield return ("npu-pool-kernel-height", Pool(PoolKind.Max, Padding.Valid, 1, 257, T(I8, 1, 257, 257, 8), T(I8, 1, 1, 1, 8)));
        yield return ("npu-pool-kernel-area", Pool(PoolKind.Max, Padding.Valid, 1, 257, T(I8, 1, 257, 257, 8), T(I8, 1, 1, 1, 8)));

        yield return ("npu-ew-out-type", Unary(UnaryKind.Abs, T(I8, 1, 4), T(I16, 1, 4)));
        yield return ("npu-ew-in-types", Binary(BinaryKind.Add, T(I8, 1, 4), T(I16, 1, 4), T(I16, 1, 4)));
        yield return ("npu-ew-broadcast", Binary(BinaryKind.Add, T(I8, 1, 2, 3, 4, 5), T(I8, 1, 1, 3, 1, 5), T(I8, 1, 2, 3, 4, 5)));
        yield return ("npu-ew-minmax-quant",
            Binary(BinaryKind.Maximum, T(I8, 1, 4), T(I8, 1, 4).WithQuantization(Quantization.PerTensor(1, 0)), T(I8, 1, 4)));
        yield return ("npu-hswish-type", Unary(UnaryKind.HardSwish, T(I16, 1, 4), T(I16, 1, 4)));
        yield return ("npu-gelu-type", N(new Gelu(), [T(I16, 1, 4)], T(I16, 1, 4)));
        yield return ("npu-table-type", Unary(UnaryKind.Exp, T(U8, 1, 4), T(U8, 1, 4)));

        yield return ("npu-mean-type", Reduce(ReduceKind.Mean, T(I8, 1, 4, 4, 8), T(I16, 1, 1, 1, 8), 1, 2));
        yield return ("npu-mean-axis", Reduce(ReduceKind.Mean, T(I8, 300, 300, 4, 8), T(I8, 300, 300, 1, 8), 2));
        yield return ("npu-mean-count", Reduce(ReduceKind.Mean, T(I16, 1, 300, 300, 8), T(I16, 1, 1, 1, 8), 1, 2));
        yield return ("npu-reduce-const", N(new Reduce(ReduceKind.Sum, true), [T(I8, 1, 4), T(I32, 1)], T(I8, 1, 1)));
        yield return ("npu-sum-axis", Reduce(ReduceKind.Sum, T(I8, 300, 300, 4, 8), T(I8, 300, 300, 1, 8), 2));
        yield return ("npu-reduce-max-type", Reduce(ReduceKind.Max, T(U8, 1, 4, 4, 8), T(U8, 1, 1, 1, 8), 1, 2));
        yield return ("npu-argmax-type", N(new ArgReduce(ArgKind.Max), [T(I16, 1, 4), Shape(1)], Raw(I32, 1)));
        yield return ("npu-argmax-axis", N(new ArgReduce(ArgKind.Max), [T(I8, 1, 4, 5), Shape(1)], Raw(I32, 1, 5)));
        yield return ("npu-argmax-depth", N(new ArgReduce(ArgKind.Max), [T(I8, 1, 128), Shape(1)], Raw(I64, 1)));
        yield return ("npu-softmax-type", N(new Softmax(), [T(I16, 1, 4)], T(I8, 1, 4)));
        yield return ("npu-softmax-beta", N(new Softmax(-1), [T(I8, 1, 4)], T(I8, 1, 4)));
        yield return ("npu-softmax-rows", N(new Softmax(), [T(I8, 1, 300, 300, 4)], T(I8, 1, 300, 300, 4)));
        yield return ("npu-log-softmax-type", Unary(UnaryKind.LogSoftmax, T(I16, 1, 4), T(I16, 1, 4)));
        yield return ("npu-log-softmax-depth", Unary(UnaryKind.LogSoftmax, T(I8, 1, 4096), T(I8, 1, 4096)));
        yield return ("npu-log-softmax-scale",
            Unary(UnaryKind.LogSoftmax, T(I8, 1, 4).WithQuantization(Quantization.PerTensor(1f / (1 << 26), 0)), T(I8, 1, 4)));
        yield return ("npu-softmax-rows", Unary(UnaryKind.LogSoftmax, T(I8, 1, 300, 300, 4), T(I8, 1, 300, 300, 4)));
        yield return ("npu-bmm-type", N(new BatchMatMul(), [T(I16, 1, 4, 4), T(I16, 1, 4, 4)], T(I16, 1, 4, 4)));

        yield return ("npu-move-type", N(new Concatenation(1), [T(I8, 1, 4), T(I16, 1, 4)], T(I8, 1, 8)));
        yield return ("npu-split-const", N(new SplitV(), [T(I8, 1, 4), T(I32, 1), Shape(1)], T(I8, 1, 4)));
        yield return ("npu-slice-const", N(new Slice(), [T(I8, 1, 4), T(I32, 2), Shape(1, 2)], T(I8, 1, 2)));
        yield return ("npu-sslice-masks", N(new StridedSlice(EllipsisMask: 1), [T(I8, 1, 4), Shape(0), Shape(4), Shape(1)], T(I8, 1, 4)));
        yield return ("npu-sslice-masks",
            N(new StridedSlice(NewAxisMask: 1, ShrinkAxisMask: 2), [T(I8, 1, 4), Shape(0, 0), Shape(1, 1), Shape(1, 1)], T(I8, 1, 4)));
        yield return ("npu-sslice-offset",
            N(new StridedSlice(Offset: true), [T(I8, 1, 4), Shape(0, 0), Shape(1, 4), Shape(1, 1)], T(I8, 1, 4)));
        yield return ("npu-sslice-stride",
            N(new StridedSlice(NewAxisMask: 1), [T(I8, 4, 8), Shape(0, 0, 0), Shape(1, 4, 8), Shape(1, 1, 2)], T(I8, 1, 4, 4)));
        yield return ("npu-pad-const", N(new Pad(), [T(I8, 1, 4), T(I32, 2, 2)], T(I8, 1, 6)));
        yield return ("npu-pad-const", N(new MirrorPad(false), [T(I8, 1, 4), T(I32, 2, 2)], T(I8, 1, 6)));
        yield return ("npu-mirror-pad-size",
            N(new MirrorPad(false), [T(I8, 1, 4, 4, 8), Shape(0, 0, 4, 0, 0, 0, 0, 0)], T(I8, 1, 8, 4, 8)));
        yield return ("npu-view-quant", N(new Reshape(), [T(I8, 1, 4)], T(I8, 4).WithQuantization(Quantization.PerTensor(1, 0))));
        yield return ("npu-transpose-perm", N(new Transpose(), [T(I8, 2, 4), T(I32, 2)], T(I8, 4, 2)));
        yield return ("npu-transpose-rank",
            N(new Transpose(), [T(I8, 1, 1, 1, 1, 1, 1, 1, 2, 4), Shape(0, 1, 2, 3, 4, 5, 6, 8, 7)], T(I8, 1, 1, 1, 1, 1, 1, 1, 4, 2)));
        yield return ("npu-transpose-size", N(new Transpose(), [T(I8, 300, 300, 3, 2), Shape(1, 0, 2, 3)], T(I8, 300, 300, 3, 2)));
        yield return ("npu-transpose-size", N(new Transpose(), [T(I32, 1, 2, 3, 4), Shape(0, 3, 2, 1)], T(I32, 1, 4, 3, 2)));
        yield return ("npu-tile-const", N(new Tile(), [T(I8, 1, 4), T(I32, 2)], T(I8, 1, 8)));
        yield return ("npu-tile-const", N(new BroadcastTo(), [T(I8, 1, 4), T(I32, 2)], T(I8, 3, 4)));
        yield return ("npu-reverse-axis", N(new ReverseV2(), [T(I8, 1, 4), T(I32, 1)], T(I8, 1, 4)));
        yield return ("npu-reverse-axis", N(new ReverseV2(), [T(I8, 1, 4), Shape(2)], T(I8, 1, 4)));
        yield return ("npu-gather-const", N(new Gather(0), [W(9, 4), T(I32, 3)], T(I8, 3, 4)));
        yield return ("npu-gather-const", N(new Gather(0), [T(I8, 9, 4), Shape(3, 9)], T(I8, 2, 4)));
        yield return ("npu-gather-const", N(new GatherNd(), [T(I8, 9, 4), T(I32, 3, 1)], T(I8, 3, 4)));
        yield return ("npu-gather-parts", N(new Gather(0),
            [T(I8, 9000, 4), Shape([.. Enumerable.Range(0, 9000).Select(i => (int)(i * 7919L * i % 9000))])], T(I8, 9000, 4)));

        yield return ("npu-resize-type", Resize(new(ResizeKind.Bilinear), T(I8, 1, 4, 4, 8), T(I16, 1, 8, 8, 8)));
        yield return ("npu-resize-const", N(new Resize(ResizeKind.Bilinear), [T(I8, 1, 4, 4, 8), T(I32, 2)], T(I8, 1, 8, 8, 8)));
        yield return ("npu-resize-both", Resize(new(ResizeKind.Bilinear, true, true), T(I8, 1, 1, 1, 8), T(I8, 1, 8, 8, 8)));
        yield return ("npu-resize-factor", Resize(new(ResizeKind.Bilinear), T(I16, 1, 4, 4, 8), T(I16, 1, 8, 16, 8)));
        yield return ("npu-resize-half-pixel", Resize(new(ResizeKind.Bilinear, false, true), T(I16, 1, 4, 4, 8), T(I16, 1, 12, 12, 8)));
        yield return ("npu-quantize-32bit", N(new Quantize(), [T(I8, 1, 4)], T(I32, 1, 4)));

        yield return ("npu-op-not-supported", N(new CumSum(), [T(I8, 1, 4), Shape(1)], T(I8, 1, 4)));
        yield return ("npu-op-u85-only", Binary(BinaryKind.Div, T(I8, 1, 4), T(I8, 1, 4), T(I8, 1, 4)));
        yield return ("npu-float-boundary", N(new Dequantize(), [T(I8, 1, 4)], T(F32, 1, 4)));
        yield return ("npu-float-boundary", N(new Quantize(), [T(F32, 1, 4)], T(I8, 1, 4)));

        yield return ("npu-lstm-type", Lstm(T(U8, 1, 3, 4), _ => { }));
        yield return ("npu-lstm-inputs", Lstm(T(I8, 1, 3, 4), _ => { }, intermediates: 0));
        yield return ("npu-lstm-state", Lstm(T(I8, 1, 3, 4), i => i[18] = T(I8, 1, 2)));
        yield return ("npu-lstm-cifg", Lstm(T(I8, 1, 3, 4), i => i[1] = null));
        yield return ("npu-lstm-peephole", Lstm(T(I8, 1, 3, 4), i => i[10] = W(2)));
        yield return ("npu-lstm-projection", Lstm(T(I8, 1, 3, 4), i => i[16] = W(2, 2)));
        yield return ("npu-lstm-norm", Lstm(T(I8, 1, 3, 4), i => i[20] = W(2)));
        yield return ("npu-lstm-state-form", Lstm(T(I8, 1, 3, 4), i => i[19] = i[19]!.WithQuantization(Quantization.PerTensor(0.3f, 0))));
        yield return ("npu-lstm-state-form", Lstm(T(I8, 1, 3, 4), i => i[19] = i[19]!.WithQuantization(null)));
        yield return ("npu-lstm-weight-form", Lstm(T(I8, 1, 3, 4), i => i[5] = W(2, 3)));
        yield return ("npu-lstm-weights", Lstm(T(I8, 1, 3, 4), i => i[5] = null));
    }

    /// <summary>Nodes that run on the accelerator and break the rule on costs of the given id.</summary>
    public static IEnumerable<(string Rule, Node Node)> Costly()
    {
        yield return ("npu-cost-transpose", N(new Transpose(), [T(I8, 1, 4, 4, 8), Shape(0, 3, 1, 2)], T(I8, 1, 8, 4, 4)));
        yield return ("npu-cost-groups", Conv(Plain, T(I8, 1, 4, 4, 8), W(8, 1, 1, 4), T(I8, 1, 4, 4, 8)));
        yield return ("npu-cost-stride", Conv(new(Padding.Valid, 4, 4), T(I8, 1, 16, 16, 8), W(8, 4, 4, 8), T(I8, 1, 4, 4, 8)));
        yield return ("npu-cost-rescale", N(new Quantize(), [T(I8, 1, 4)], T(I8, 1, 4).WithQuantization(Quantization.PerTensor(1, 0))));
        yield return ("npu-cost-concat",
            N(new Concatenation(1), [T(I8, 1, 4), T(I8, 1, 4).WithQuantization(Quantization.PerTensor(1, 0))], T(I8, 1, 8)));
        yield return ("npu-cost-softmax",
            N(new Softmax(), [T(I8, 1, 4)], T(I8, 1, 4).WithQuantization(Quantization.PerTensor(1 / 256f, -128))));
        yield return ("npu-cost-log-softmax",
            Unary(UnaryKind.LogSoftmax, T(I8, 1, 4), T(I8, 1, 4).WithQuantization(Quantization.PerTensor(1 / 16f, 127))));
        yield return ("npu-cost-lstm", Lstm(T(I8, 1, 3, 4), _ => { }));
        yield return ("npu-cost-int16-activation", N(new LeakyRelu(0.1f), [T(I16, 1, 4)], T(I16, 1, 4)));
    }

    /// <summary>Nodes at the limits, that run on the accelerator.</summary>
    public static IEnumerable<Node> JustSupported()
    {
        yield return Conv(new(Padding.Valid, 4, 4), T(I8, 1, 16, 16, 8), W(8, 4, 4, 8), T(I8, 1, 4, 4, 8));
        yield return Conv(new(Padding.Same, 4, 4), T(I8, 1, 16, 16, 8), W(8, 4, 4, 8), T(I8, 1, 4, 4, 8));
        yield return Conv(new(Padding.Same, 3, 3), T(I8, 1, 70, 70, 1), W(1, 64, 64, 1), T(I8, 1, 24, 24, 1));
        yield return N(new FullyConnected(), [T(I8, 1, 65536), W(1, 65536), null], T(I8, 1, 1));
        yield return N(new FullyConnected(), [T(I8, 1, 8), T(I8, 4, 8), null], T(I8, 1, 4));
        yield return Pool(PoolKind.Average, Padding.Same, 1, 8, T(I8, 1, 16, 16, 8), T(I8, 1, 16, 16, 8));
        yield return Pool(PoolKind.Average, Padding.Valid, 1, 256, T(I8, 1, 256, 256, 8), T(I8, 1, 1, 1, 8));
        yield return Binary(BinaryKind.Maximum, T(I8, 1, 4, 4, 8), T(I8, 1, 1, 1, 8), T(I8, 1, 4, 4, 8));
        yield return Reduce(ReduceKind.Mean, T(I8, 1, 4095, 4096, 8), T(I8, 1, 1, 1, 8), 1, 2);
        yield return Reduce(ReduceKind.Mean, T(I8, 1, 1, 4, 4096), T(I8, 1, 1, 4, 1), -1);
        yield return N(new ArgReduce(ArgKind.Max), [T(I8, 1, 127), Shape(-1)], Raw(I64, 1));
        yield return N(new Softmax(), [T(I8, 1, 256, 256, 4)],
            T(I16, 1, 256, 256, 4).WithQuantization(Quantization.PerTensor(1 / 65536f, -32768)));
        yield return Unary(UnaryKind.LogSoftmax, T(I8, 1, 256, 256, 4),
            T(I8, 1, 256, 256, 4).WithQuantization(Quantization.PerTensor(1 / 16f, 127)));
        yield return Unary(UnaryKind.LogSoftmax, T(I8, 4095), T(I8, 4095).WithQuantization(Quantization.PerTensor(1 / 16f, 127)));
        yield return N(new StridedSlice(), [T(I8, 1, 4, 4, 8), Shape(0, 0, 0, 0), Shape(1, 4, 4, 8), Shape(1, 2, 2, 1)], T(I8, 1, 2, 2, 8));
        yield return N(new StridedSlice(), [T(I8, 1, 4, 4, 8), Shape(0, 0, 3, 0), Shape(1, 4, 0, 8), Shape(1, 1, -1, 2)],
            T(I8, 1, 4, 3, 4));
        yield return N(new MirrorPad(false), [T(I8, 1, 4, 4, 8), Shape(0, 0, 0, 0, 0, 0, 7, 1)], T(I8, 1, 4, 4, 16));
        yield return N(new ReverseV2(), [T(I8, 1, 4), Shape(-2, 1)], T(I8, 1, 4));
        yield return N(new Gather(1), [T(I8, 9, 4), Shape(3, -1, 0)], T(I8, 9, 3));
        yield return N(new DepthToSpace(2), [T(I8, 1, 4, 4, 8)], T(I8, 1, 8, 8, 2));
        yield return N(new BroadcastTo(), [T(I8, 1, 4), Shape(3, 4)], T(I8, 3, 4));
        yield return N(new Transpose(), [T(I8, 1, 65536, 3, 2), Shape(0, 3, 2, 1)], T(I8, 1, 2, 3, 65536));
        yield return N(new Transpose(), [T(I32, 1, 2, 3, 4), Shape(0, 2, 1, 3)], T(I32, 1, 3, 2, 4));
        yield return Resize(new(ResizeKind.Bilinear, true), T(I8, 1, 3, 3, 8), T(I8, 1, 17, 17, 8));
        yield return Resize(new(ResizeKind.Bilinear, false, true), T(I8, 1, 3, 3, 8), T(I8, 1, 6, 6, 8));
        yield return Resize(new(ResizeKind.Bilinear, false, true), T(I8, 1, 1, 1, 8), T(I8, 1, 7, 5, 8));
        yield return Resize(new(ResizeKind.Nearest), T(I8, 1, 1, 4, 8), T(I8, 1, 1, 16, 8));
        yield return Resize(new(ResizeKind.Nearest), T(I16, 1, 4, 4, 8), T(I16, 1, 13, 12, 8));
        yield return Resize(new(ResizeKind.Bilinear), T(I8, 1, 4, 4, 8), T(I8, 1, 8, 17, 8));
        yield return Resize(new(ResizeKind.Bilinear, false, true), T(I16, 1, 4, 4, 8), T(I16, 1, 32, 16, 8));
        yield return N(new TransposeConv(Padding.Same, 3, 3), [Shape(1, 12, 12, 8), W(8, 3, 3, 8), T(I8, 1, 4, 4, 8), null],
            T(I8, 1, 12, 12, 8));
        yield return N(new TransposeConv(Padding.Same, 2, 2), [Shape(1, 7, 7, 8), W(8, 3, 3, 8), T(I8, 1, 4, 4, 8), null],
            T(I8, 1, 7, 7, 8));
        yield return N(new TransposeConv(Padding.Valid, 2, 2), [Shape(1, 9, 9, 8), W(8, 3, 3, 8), T(I8, 1, 4, 4, 8), null],
            T(I8, 1, 9, 9, 8));
        yield return Lstm(T(I16, 1, 3, 4), _ => { });
    }

    private static Tensor T(ElementType type, params int[] shape) => new("x", type, [.. shape], Quantization.PerTensor(Scale, 0));

    private static Tensor Raw(ElementType type, params int[] shape) => new("x", type, [.. shape]);

    private static TensorData Data(ElementType type, params int[] shape)
    {
        Graphs.Shape sizes = [.. shape];
        var bytes = new byte[type.ByteCount(sizes.ElementCount)];
        Array.Fill(bytes, (byte)127);
        return new(type, sizes, bytes);
    }

    private static Tensor Constant(ElementType type, params int[] shape) => new("w", Data(type, shape), Quantization.PerTensor(Scale, 0));

    private static Tensor W(params int[] shape) => Constant(I8, shape);

    private static Tensor Shape(params int[] values) => new("s", TensorData.Vector<int>(values));

    private static Node N(Operator op, ImmutableArray<Tensor?> inputs, Tensor output) => new(op, inputs, [output]);

    private static Node Unary(UnaryKind kind, Tensor x, Tensor y) => N(new Unary(kind), [x], y);

    private static Node Binary(BinaryKind kind, Tensor a, Tensor b, Tensor y) => N(new Binary(kind), [a, b], y);

    private static Node Conv(Conv2D op, Tensor x, Tensor weights, Tensor y) => N(op, [x, weights, null], y);

    private static Node Pool(PoolKind kind, Padding padding, int stride, int kernel, Tensor x, Tensor y) =>
        N(new Pool2D(kind, padding, stride, stride, kernel, kernel), [x], y);

    private static Node Reduce(ReduceKind kind, Tensor x, Tensor y, params int[] axes) => N(new Reduce(kind, true), [x, Shape(axes)], y);

    private static Node Resize(Resize op, Tensor x, Tensor y) => N(op, [x, Shape(y.Shape[1], y.Shape[2])], y);

    private static Node Lstm(Tensor x, Action<Tensor?[]> change, int intermediates = 5)
    {
        var inputs = new Tensor?[24];
        inputs[0] = x;
        for (int i = 1; i <= 8; i++)
            inputs[i] = W(2, i <= 4 ? 4 : 2).WithQuantization(Quantization.PerTensor(Scale / 1024, 0));
        for (int i = 12; i <= 15; i++)
            inputs[i] = new("b", TensorData.Vector(100, -100), Quantization.PerTensor(Scale, 0));
        inputs[18] = new("h", x.Type, [1, 2], Quantization.PerTensor(Scale, 0)) { IsVariable = true };
        inputs[19] = new("c", I16, [1, 2], Quantization.PerTensor(Scale, 0)) { IsVariable = true };
        change(inputs);
        return new(new UnidirectionalSequenceLstm(false), [.. inputs],
            [T(x.Type, 1, 3, 2)]) { Intermediates = [.. new Tensor?[intermediates]] };
    }
}
