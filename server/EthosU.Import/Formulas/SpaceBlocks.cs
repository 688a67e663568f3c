using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Channels laid out as blocks of pixels, and back.</summary>
public static class SpaceBlocks
{
    /// <summary>Channels [N, C b b, H, W] as blocks of b × b pixels.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The image.</param>
    /// <param name="block">Size of a block.</param>
    /// <param name="channelsOutermost">True if the pixels of one channel lie together (PyTorch's pixel_shuffle), false if the channels of
    /// one pixel do.</param>
    public static Tensor FromDepth(GraphEmitter g, Tensor x, int block, bool channelsOutermost)
    {
        Shape s = x.Shape;
        if (s.Rank != 4 || block is < 1 or > 1024 || s[1] % (block * block) != 0)
            throw new UnsupportedOperatorException($"Blocks of {block} do not suit {s}.", "Check the layer's arguments.");
        Tensor image = g.ChannelsLast(x);
        int pixels = block * block, channels = s[1] / pixels;
        if (channelsOutermost && channels != 1)
        {
            int[] order = new int[s[1]];
            for (int phase = 0; phase < pixels; phase++)
                for (int channel = 0; channel < channels; channel++)
                    order[(phase * channels) + channel] = (channel * pixels) + phase;
            image = g.Emit(new Gather(3), image, g.Integers(order));
        }
        return g.ChannelsFirst(g.Emit(new DepthToSpace(block), image));
    }

    /// <summary>Blocks of pixels as channels.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The image [N, C, H, W].</param>
    /// <param name="block">Size of a block.</param>
    /// <param name="channelsOutermost">True if what becomes of one channel lies together (PyTorch's pixel_unshuffle), false if what becomes
    /// of one pixel does.</param>
    public static Tensor ToDepth(GraphEmitter g, Tensor x, int block, bool channelsOutermost = false)
    {
        Tensor image = g.Emit(new SpaceToDepth(block), g.ChannelsLast(x));
        if (channelsOutermost && block > 1 && x.Shape[1] != 1)
        {
            int channels = x.Shape[1], pixels = block * block;
            image = g.Emit(new Gather(3), image,
                g.Integers([.. Enumerable.Range(0, g.Listed(image.Shape[3])).Select(i => (i % pixels * channels) + (i / pixels))]));
        }
        return g.ChannelsFirst(image);
    }
}
