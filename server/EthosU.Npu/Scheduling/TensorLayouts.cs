using EthosU.Npu.Operations;

namespace EthosU.Npu.Scheduling;

/// <summary>Which tensors lie in bricks of 16 channels (NHCWB16) (npu-operators 4.6).</summary>
internal static class TensorLayouts
{
    private const int Brick = 16;

    /// <summary>The tensors for which every access is a window in the tensor's own shape that begins with a brick.</summary>
    public static HashSet<NpuTensor> FindBricks(IEnumerable<NpuOp> ops, bool sumsBricks)
    {
        HashSet<NpuTensor> bricks = [], linear = [];
        foreach (NpuOp op in ops)
        {
            foreach (FeatureMap map in op.Reads.Append(op.Ofm))
            {
                NpuTensor tensor = map.Tensor;
                if (tensor.Role != NpuTensorRole.Internal)
                    continue;
                bool suits = op.Kind != NpuOpKind.Dma
                    && map.TryGetWindow(out _, out _, out int channel) && channel % Brick == 0
                    // Bricks that are mostly empty cost more memory than they save time.
                    && tensor.Depth * 2 > RoundUp(tensor.Depth)
                    && !(op.Kind == NpuOpKind.ReduceSum && ReferenceEquals(map, op.Ifm) && (map.ElementBytes == 4 || !sumsBricks));
                (suits ? bricks : linear).Add(tensor);
            }
        }
        bricks.ExceptWith(linear);
        return bricks;
    }

    /// <summary>Bytes of a tensor in bricks.</summary>
    public static long BrickBytes(NpuTensor tensor) =>
        (long)tensor.Height * tensor.Width * RoundUp(tensor.Depth) * EthosU.Graphs.ElementTypes.ByteSize(tensor.Type);

    private static int RoundUp(int depth) => (depth + Brick - 1) / Brick * Brick;
}
