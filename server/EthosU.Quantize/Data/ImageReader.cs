using EthosU.Graphs;
using StbImageSharp;

namespace EthosU.Quantize.Data;

/// <summary>Reads images for an input [1, C, H, W] of 1, 3 or 4 channels.</summary>
internal static class ImageReader
{
    private const long MaxInputElements = 1L << 27;

    public static bool IsImage(string file) => Path.GetExtension(file).ToUpperInvariant() is ".PNG" or ".JPG" or ".JPEG" or ".BMP";

    /// <summary>Reads one image, resizes it to the input's size and preprocesses it.</summary>
    /// <exception cref="ModelFormatException">The file is damaged or too large, or the input takes no images.</exception>
    public static TensorData Read(string file, Tensor input, Preprocessing preprocessing, SampleOptions options,
        CancellationToken cancellation)
    {
        if (input.Shape.Rank != 4 || input.Shape[0] != 1 || input.Shape[1] is not (1 or 3 or 4) || input.Type != ElementType.Float32)
            throw new ModelFormatException(file, "",
                $"input '{input.Name}' of type {input.Type.DisplayName()} and shape {input.Shape} takes no images; images suit float32[1, "
                    + $"channels, height, width] with 1, 3 or 4 channels");
        if (input.Shape.ElementCount is <= 0 or > MaxInputElements)
            throw new ModelFormatException(file, "",
                $"input '{input.Name}' of shape {input.Shape} is not of a size that images are made for");
        int channels = input.Shape[1], height = input.Shape[2], width = input.Shape[3];
        ImageResult image = ImageDecoder.Decode(file,
            channels switch { 1 => ColorComponents.Grey, 3 => ColorComponents.RedGreenBlue, _ => ColorComponents.RedGreenBlueAlpha },
            cancellation);
        cancellation.ThrowIfCancellationRequested();
        if ((long)image.Height * width * channels > MaxInputElements)
            throw new ModelFormatException(file, "",
                $"an image of {image.Width} × {image.Height} pixels is not made {width} wide; give images nearer to the size of input "
                    + $"'{input.Name}'");
        float[] pixels = Resize(image, channels, height, width);
        if (options.BlueFirst && channels >= 3)
            for (int i = 0; i < pixels.Length; i += channels)
                (pixels[i], pixels[i + 2]) = (pixels[i + 2], pixels[i]);
        Shape stored = [height, width, channels];
        TensorData data = TensorData.Wrap(ElementType.Float32, stored, pixels);
        return new InputFitter(file, stored, ElementType.Float32, input, preprocessing, SampleLayout.ChannelsLast)
            .Convert(data.Bytes, file, 0);
    }

    /// <summary>Bilinear, with the mean over the covered area where the image shrinks, as image libraries do by default.</summary>
    private static float[] Resize(ImageResult image, int channels, int height, int width)
    {
        var rows = Weights(image.Height, height);
        var columns = Weights(image.Width, width);
        var middle = new float[image.Height * width * channels];
        for (int y = 0; y < image.Height; y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < channels; c++)
                {
                    double sum = 0;
                    for (int k = 0; k < columns[x].Weights.Length; k++)
                        sum += columns[x].Weights[k] * image.Data[(((y * image.Width) + columns[x].First + k) * channels) + c];
                    middle[(((y * width) + x) * channels) + c] = (float)sum;
                }
        var result = new float[height * width * channels];
        for (int y = 0; y < height; y++)
            for (int i = 0; i < width * channels; i++)
            {
                double sum = 0;
                for (int k = 0; k < rows[y].Weights.Length; k++)
                    sum += rows[y].Weights[k] * middle[((rows[y].First + k) * width * channels) + i];
                result[(y * width * channels) + i] = (float)sum;
            }
        return result;
    }

    private static (int First, double[] Weights)[] Weights(int from, int to)
    {
        double scale = (double)from / to, radius = Math.Max(scale, 1);
        var result = new (int, double[])[to];
        for (int i = 0; i < to; i++)
        {
            double centre = (i + 0.5) * scale;
            int first = Math.Max(0, (int)Math.Ceiling(centre - radius - 0.5)),
                last = Math.Min(from - 1, (int)Math.Floor(centre + radius - 0.5));
            double[] weights =
                [.. Enumerable.Range(first, last - first + 1).Select(j => Math.Max(0, 1 - (Math.Abs(j + 0.5 - centre) / radius)))];
            double sum = weights.Sum();
            result[i] = (first, [.. weights.Select(w => w / sum)]);
        }
        return result;
    }
}
