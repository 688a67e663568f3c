using System.Text.Json;
using EthosU.Npu.Architectures.EthosU55;
using EthosU.Npu.Targets;
using EthosU.Npu.Tests.Weights;
using EthosU.Npu.Weights;
using Xunit;

namespace EthosU.Npu.Tests.Architectures.EthosU55;

public class WeightOrderTests
{
    [Fact]
    public void Recorded_volumes_are_put_in_order()
    {
        byte[] volumes = WeightVectors.Blob("reorder_volumes.bin"), linear = WeightVectors.Blob("reorder_linear.bin");
        foreach (JsonElement item in WeightVectors.Index("reorder.json").GetProperty("vectors").EnumerateArray())
        {
            int[] shape = WeightVectors.Ints(item.GetProperty("shape_ohwi"));
            var volume = new WeightVolume(WeightVectors.Shorts(volumes, item.GetProperty("volume")), shape[0], shape[1], shape[2],
                shape[3]);
            WeightTraversal traversal = Traversal(item.GetProperty("mode").GetString()!);
            WeightOrder order = WeightOrder.For(
                Accelerator.Find(item.GetProperty("accelerator").GetString()!)!, item.GetProperty("core").GetInt32(), traversal,
                item.GetProperty("ifm_bits").GetInt32(), item.GetProperty("ofm_block_depth_full").GetInt32(),
                item.GetProperty("dilation_y").GetInt32(), item.GetProperty("dilation_x").GetInt32());
            Assert.Equal(item.GetProperty("ofm_block_depth").GetInt32(), order.BlockDepth);
            Assert.Equal(item.GetProperty("padded_length").GetInt32(), order.Length(volume, shape[0]));
            Assert.Equal(WeightVectors.Shorts(linear, item.GetProperty("linear")), order.Linearize(volume, 0, 1, shape[0]));
        }
    }

    [Theory]
    [InlineData(8, 1, 8, "part_kernel_first")]
    [InlineData(32, 1, 8, "depth_first")]
    [InlineData(32, 4, 8, "part_kernel_first")]
    [InlineData(64, 9, 8, "depth_first")]
    [InlineData(16, 9, 8, "part_kernel_first")]
    [InlineData(16, 9, 16, "depth_first")]
    [InlineData(16, 2, 16, "part_kernel_first")]
    [InlineData(24, 9, 8, "part_kernel_first")]
    [InlineData(40, 1, 8, "depth_first")]
    public void The_traversal_wastes_least(int inputs, int taps, int bits, string expected) =>
        Assert.Equal(Traversal(expected), WeightOrder.Choose(inputs, taps, bits));

    internal static WeightTraversal Traversal(string name) => name switch
    {
        "depth_first" => WeightTraversal.DepthFirst,
        "part_kernel_first" => WeightTraversal.PartKernelFirst,
        "depthwise" => WeightTraversal.Depthwise,
        _ => throw new ArgumentException(name),
    };
}
