using EthosU.Graphs;
using EthosU.Npu;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>Operators that move elements run on the NPU, along any axis and in any type, with the interpreter's bytes.</summary>
public sealed class MovementTests
{
    private static readonly ElementType[] Types = [ElementType.Int8, ElementType.Int16];

    [Fact]
    public void Any_axes_are_reversed()
    {
        foreach (int[] axes in (int[][])[[0], [1], [2], [-1], [1, 2], [3, 0], [0, 1, 2, 3]])
            Check(new ReverseV2(), [3, 4, 5, 6], [3, 4, 5, 6], Integers(axes));
        Check(new ReverseV2(), [40, 70], [40, 70], Integers(1));
    }

    [Fact]
    public void Constant_indices_are_gathered()
    {
        for (int axis = 0; axis < 3; axis++)
        {
            int[] shape = [4, 9, 12];
            Gather(shape, axis, [0]);
            Gather(shape, axis, [3, 1, 2, 0]);
            Gather(shape, axis, [0, 0, 1, 1, 2, 2, 3]);
            Gather(shape, axis, [-1, -3]);
        }
        Gather([2, 5, 6, 64], -1, [.. Enumerable.Range(0, 64).Select(i => ((i % 2) * 32) + (i / 2))]);
        Gather([2, 5, 6, 20], 3, [1, 2, 3, 4, 5, 6, 7, 8, 15, 14]);
        Check(new Gather(1), [2, 7, 3], [2, 2, 3, 3], new Tensor("indices", TensorData.From<int>([2, 3], [6, 0, 3, 3, 2, 1])));
        Check(new GatherNd(), [4, 5, 6], [3, 6], new Tensor("indices", TensorData.From<int>([3, 2], [3, 0, 1, 4, 0, 2])));
        Check(new GatherNd(), [4, 5, 6], [2, 2, 5, 6], new Tensor("indices", TensorData.From<int>([2, 2, 1], [3, 0, 1, 2])));

        static void Gather(int[] shape, int axis, int[] indices)
        {
            int[] to = [.. shape];
            to[axis < 0 ? axis + shape.Length : axis] = indices.Length;
            Check(new Gather(axis), shape, to, Integers(indices));
        }
    }

    [Fact]
    public void Blocks_become_channels_and_back()
    {
        foreach ((int block, int depth) in (ReadOnlySpan<(int, int)>)[(2, 3), (3, 2), (4, 1), (2, 16)])
        {
            int[] flat = [2, 3 * block, 5 * block, depth], deep = [2, 3, 5, depth * block * block];
            Check(new DepthToSpace(block), deep, flat);
            Check(new SpaceToDepth(block), flat, deep);
        }
    }

    [Fact]
    public void Sizes_of_one_are_broadcast()
    {
        Check(new BroadcastTo(), [1, 1, 1, 8], [2, 5, 6, 8], Integers(2, 5, 6, 8));
        Check(new BroadcastTo(), [1, 5, 6, 1], [1, 5, 6, 24], Integers(1, 5, 6, 24));
        Check(new BroadcastTo(), [7, 1], [3, 7, 10], Integers(3, 7, 10));
        Check(new Tile(), [3, 1, 4], [6, 9, 8], Integers(2, 9, 2));
    }

    [Fact]
    public void Slices_go_in_any_step_along_any_axis()
    {
        Slice([2, 6, 7, 10], [0, 0, 0, 0], [2, 6, 7, 10], [1, 1, 1, 3], [2, 6, 7, 4]);
        Slice([2, 6, 7, 10], [0, 5, 6, 9], [2, -7, -8, -11], [1, -2, -1, -1], [2, 3, 7, 10]);
        Slice([9, 8], [8, 7], [-10, -9], [-2, -3], [5, 3]);
        Slice([3, 4, 5, 6, 7], [2, 0, 0, 5, 0], [-4, 4, 5, -7, 7], [-1, 2, 1, -1, 2], [3, 2, 5, 6, 4]);
        Check(new StridedSlice(ShrinkAxisMask: 2), [3, 4, 64], [3, 32], Integers(0, 2, 63), Integers(3, 3, -65), Integers(1, 1, -2));

        static void Slice(int[] shape, int[] begin, int[] end, int[] steps, int[] to) =>
            Check(new StridedSlice(), shape, to, Integers(begin), Integers(end), Integers(steps));
    }

    [Fact]
    public void Any_axis_is_padded_by_reflection()
    {
        Check(new MirrorPad(false), [1, 4, 5, 6], [1, 4, 5, 11],
            new Tensor("pads", TensorData.From<int>([4, 2], [0, 0, 0, 0, 0, 0, 3, 2])));
        Check(new MirrorPad(true), [3, 4, 5], [8, 5, 6], new Tensor("pads", TensorData.From<int>([3, 2], [3, 2, 1, 0, 0, 1])));
    }

    [Fact]
    public void Channels_are_shuffled()
    {
        foreach ((int[] shape, int[] order) in (ReadOnlySpan<(int[], int[])>)
            [
                ([1, 6, 7, 2, 24], [0, 1, 2, 4, 3]), ([1, 6, 7, 4, 6], [0, 1, 2, 4, 3]), ([2, 50, 3, 8], [0, 1, 3, 2]),
                ([1, 9, 5, 16], [0, 2, 1, 3]),
            ])
            Check(new Transpose(), shape, [.. order.Select(axis => shape[axis])], Integers(order));
    }

    [Fact]
    public void A_shuffle_of_channels_is_one_operation()
    {
        CompileResult result =
            Compile(new Transpose(), ElementType.Int8, [1, 20, 20, 2, 24], [1, 20, 20, 24, 2], Integers(0, 1, 2, 4, 3)).Result;
        Assert.Equal("Convolution", Assert.Single(result.Operations).Kind);
    }

    private static Tensor Integers(params int[] values) => new("integers", TensorData.Vector<int>(values));

    private static void Check(Operator op, int[] from, int[] to, params Tensor[] operands)
    {
        foreach (ElementType type in Types)
        {
            CompileCheck check = Compile(op, type, from, to, operands);
            string name = $"{op} of {type} [{string.Join(", ", from)}]";
            Assert.True(check.Result.RunsEntirelyOnNpu, $"{name}: {string.Join("; ", check.Result.Findings)}");
            Assert.True(check.DifferingBytes == 0, $"{check.DifferingBytes} bytes differ: {name}");
            Assert.True(check.Violations.IsEmpty, $"{name}: {string.Join("; ", check.Violations.Take(3))}");
        }
    }

    private static CompileCheck Compile(Operator op, ElementType type, int[] from, int[] to, params Tensor[] operands)
    {
        GraphBuilder builder = new("movement");
        Tensor x = builder.AddInput("x", type, [.. from], Quantization.PerTensor(0.1f, type == ElementType.Int8 ? 5 : 0));
        Tensor y = new("y", type, [.. to], x.Quantization);
        Tensor[] distinct = [.. operands.Select((operand, i) => new Tensor($"{operand.Name}{i}", operand.Data!))];
        builder.AddNode(new(op, [x, .. distinct], [y]));
        builder.AddOutput(y);
        string accelerator = CompileCheck.Accelerators[(from.Sum() + to.Sum()) % CompileCheck.Accelerators.Length];
        return CompileCheck.AgainstInterpreter(builder.Build(), CompileCheck.Target(accelerator, "Shared_Sram"), samples: 2, seed: 3);
    }
}
