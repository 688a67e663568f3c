using EthosU.Graphs;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>Reductions over any axes of tensors of any rank run on the NPU, with the interpreter's bytes.</summary>
public sealed class ReductionTests
{
    public static TheoryData<int[], int[]> Axes => new()
    {
        { [1, 6, 5, 12], [3] }, { [1, 6, 5, 12], [1, 2, 3] }, { [1, 6, 5, 12], [1, 3] }, { [4, 16, 24], [2] }, { [4, 16, 24], [0] },
        { [4, 16, 24], [0, 2] }, { [3, 6, 5, 12], [0] }, { [3, 6, 5, 12], [0, 1, 2, 3] }, { [3, 6, 5, 12], [0, 3] }, { [40], [0] },
        { [7, 40], [1] }, { [7, 40], [0, 1] }, { [2, 3, 4, 5, 6], [2, 3] }, { [2, 3, 4, 5, 6], [4] }, { [2, 3, 4, 5, 6], [1, 4] },
        { [2, 3, 2, 3, 2, 5], [1, 3, 5] }, { [1, 1, 9000], [2] }, { [1, 2, 4999], [2] }, { [1, 1, 5000, 3], [2] },
        { [1, 90, 90, 3], [1, 2, 3] },
        { [1, 3, 4100], [1, 2] }, { [1, 1, 1, 1], [1, 2] },
    };

    [Theory]
    [MemberData(nameof(Axes))]
    public void Every_reduction_is_exact_and_on_the_NPU(int[] sizes, int[] axes)
    {
        Random random = new(3);
        int turn = 0;
        foreach (ElementType type in (ElementType[])[ElementType.Int8, ElementType.Int16])
            foreach (ReduceKind kind in (ReduceKind[])[ReduceKind.Mean, ReduceKind.Sum, ReduceKind.Max, ReduceKind.Min])
            {
                long count = axes.Aggregate(1L, (product, axis) => product * sizes[axis]);
                bool keep = random.Next(2) == 0, rescales = kind is ReduceKind.Mean or ReduceKind.Sum;
                GraphBuilder builder = new("reduction");
                Quantization from = Quantization.PerTensor(0.03f, type == ElementType.Int8 ? -7 : 0);
                Tensor x = builder.AddInput("x", type, new([.. sizes]), from);
                float scale = kind == ReduceKind.Mean ? 0.011f : 0.02f * MathF.Sqrt(count);
                Tensor y = new("y", type, new([.. sizes.Select((size, axis) => axes.Contains(axis) ? 1 : size)
                    .Where((_, axis) => keep || !axes.Contains(axis))]),
                    rescales ? Quantization.PerTensor(scale, type == ElementType.Int8 ? 5 : 0) : from);
                builder.AddNode(new(new Reduce(kind, keep), [x, new("axes", TensorData.Vector<int>(axes))], [y]));
                builder.AddOutput(y);
                string target = CompileCheck.Accelerators[turn++ % CompileCheck.Accelerators.Length];
                Graph graph = builder.Build();
                CompileCheck check = CompileCheck.AgainstInterpreter(graph, new(CompileCheck.Target(target, "Shared_Sram")),
                    CompileCheck.Extremes(graph, 2, seed: 5));
                Assert.True(check.DifferingBytes == 0, $"{kind} of {type} on {target}: {check.DifferingBytes} bytes differ");
                Assert.Empty(check.Violations.Take(3));
                Assert.True(check.Result.RunsEntirelyOnNpu, $"{kind} of {type} is on the CPU: {check.Result.Findings.FirstOrDefault()}");
            }
    }
}
