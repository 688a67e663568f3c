using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Movement;

/// <summary>Operators that move blocks of pixels, and nearest-neighbour resizing.</summary>
internal static class BlockMaps
{
    public static TensorData[] SpaceDepth(KernelCall call)
    {
        bool toDepth = call.Node.Operator is SpaceToDepth;
        int b = call.Node.Operator is SpaceToDepth s2d ? s2d.BlockSize : ((DepthToSpace)call.Node.Operator).BlockSize;
        Shape space = toDepth ? call[0].Shape : call.Output.Shape;
        int channels = space[3], height = space[1] / b, width = space[2] / b, i = 0;
        var map = new int[space.ElementCount];
        for (int n = 0; n < space[0]; n++)
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                    for (int dy = 0; dy < b; dy++)
                        for (int dx = 0; dx < b; dx++)
                            for (int c = 0; c < channels; c++, i++)
                            {
                                int pixel = (((((n * space[1]) + (y * b) + dy) * space[2]) + (x * b) + dx) * channels) + c;
                                if (toDepth)
                                    map[i] = pixel;
                                else
                                    map[pixel] = i;
                            }
        return [IndexMap.Take(call[0], call.Output.Shape, map)];
    }

    public static TensorData[] SpaceBatch(KernelCall call)
    {
        bool toBatch = call.Node.Operator is SpaceToBatchNd;
        int[] block = call[1].ToInt32Array(), edges = call[2].ToInt32Array();
        Shape space = toBatch ? call[0].Shape : call.Output.Shape, batch = toBatch ? call.Output.Shape : call[0].Shape;
        int[] map = new int[call.Output.Shape.ElementCount];
        Array.Fill(map, IndexMap.Outside);
        int inner = 1;
        for (int axis = block.Length + 1; axis < space.Rank; axis++)
            inner *= space[axis];
        var spaceStrides = space.Strides();
        int cells = checked((int)(batch.ElementCount / Math.Max(inner, 1)));
        var position = new int[block.Length];
        for (int cell = 0; cell < cells; cell++)
        {
            int rest = cell;
            for (int axis = block.Length - 1; axis >= 0; axis--)
            {
                position[axis] = rest % batch[axis + 1];
                rest /= batch[axis + 1];
            }
            int image = rest % space[0], phase = rest / space[0];
            long offset = image * spaceStrides[0];
            bool inside = true;
            for (int axis = block.Length - 1; axis >= 0; axis--)
            {
                int coordinate = (position[axis] * block[axis]) + (phase % block[axis]) - edges[2 * axis];
                phase /= block[axis];
                inside &= (uint)coordinate < (uint)space[axis + 1];
                offset += coordinate * spaceStrides[axis + 1];
            }
            for (int i = 0; inside && i < inner; i++)
            {
                if (toBatch)
                    map[(cell * inner) + i] = (int)offset + i;
                else
                    map[offset + i] = (cell * inner) + i;
            }
        }
        byte[] fill = new byte[call[0].Type.ByteSize()];
        if (call.Output is { Type: ElementType.Int8, Quantization: { } quantization })
            fill[0] = (byte)quantization.ZeroPoint;
        return [IndexMap.Take(call[0], call.Output.Shape, map, fill)];
    }

    /// <summary>Nearest-neighbour resizing (tflite-kernels 3.9).</summary>
    public static TensorData[] NearestResize(KernelCall call)
    {
        var op = (Resize)call.Node.Operator;
        Shape from = call[0].Shape, to = call.Output.Shape;
        int[] rows = Sources(op, from[1], to[1]), columns = Sources(op, from[2], to[2]);
        var map = new int[to.ElementCount];
        int i = 0;
        for (int n = 0; n < to[0]; n++)
            foreach (int row in rows)
                foreach (int column in columns)
                    for (int c = 0; c < to[3]; c++)
                        map[i++] = (((((n * from[1]) + row) * from[2]) + column) * from[3]) + c;
        return [IndexMap.Take(call[0], to, map)];
    }

    private static int[] Sources(Resize op, int from, int to) =>
        ResizePositions.Nearest(from, to, op.AlignCorners, op.HalfPixelCenters);
}
