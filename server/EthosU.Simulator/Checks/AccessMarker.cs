using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>
/// Does to the memory what an operation does, without computing: everything it reads is checked to be written, everything it writes is
/// marked. Transfers are made, so that tables are where they are looked for.
/// </summary>
internal static class AccessMarker
{
    private const int Brick = 16;

    public static void Run(Execution run, StreamOperation operation)
    {
        if (operation is DmaOperation dma)
        {
            DmaKernel.Run(run, dma);
            return;
        }
        KernelOperation kernel = (KernelOperation)operation;
        foreach ((AddressedFeatureMap map, string name) in kernel.ReadMaps)
            Visit(run, map, name, write: false);
        if (kernel is ConvolutionOperation convolution)
        {
            foreach (StreamRange weights in convolution.Weights)
                run.Read(convolution.WeightRegion, weights.Address, weights.Length, "the weights");
            foreach (StreamRange scales in convolution.Scales)
                run.Read(convolution.ScaleRegion, scales.Address, scales.Length, "the scales");
        }
        run.Kernels.CheckTable(kernel);
        if (kernel.StoredOfm is { } ofm)
            Visit(run, ofm, "the output", write: true);
    }

    private static void Visit(Execution run, AddressedFeatureMap map, string name, bool write)
    {
        run.Charge(ByteIntervals.Bound(map));
        for (int y = 0; y < map.Height; y++)
        {
            for (int x = 0; x < map.Width;)
            {
                (long address, _, int endX) = map.Locate(y, x);
                int count = Math.Min(map.Width, endX) - x;
                if (map.Layout == FeatureMapLayout.Nhwc)
                    Columns(run, map, address, count, map.StrideX, map.Depth * map.ElementBytes, name, write);
                else
                    for (int c = 0; c < map.Depth; c += Brick)
                        Columns(run, map, address + (c / Brick * map.StrideC), count, Brick * map.ElementBytes,
                            Math.Min(Brick, map.Depth - c) * map.ElementBytes, name, write);
                x += count;
            }
        }
    }

    private static void Columns(Execution run, AddressedFeatureMap map, long address, int count, long stride, int bytes, string name,
        bool write)
    {
        if (stride == bytes)
            (bytes, count) = (checked(bytes * count), 1);
        for (int x = 0; x < count; x++)
            if (write)
                run.Write(map.Region, address + (x * stride), bytes, name);
            else
                run.Read(map.Region, address + (x * stride), bytes, name);
    }
}
