using System.Buffers.Binary;
using EthosU.Files;
using EthosU.Graphs;
using StbImageSharp;

namespace EthosU.Quantize.Data;

/// <summary>
/// Decodes PNG, JPEG and BMP files that may be damaged or malicious. The library goes on for ever where a file ends early, believes every
/// size, and knows more formats than are wanted; so the kind is decided here, sizes and scans are bounded before it starts, and its reading
/// past the end is stopped.
/// </summary>
internal static class ImageDecoder
{
    private const long MaxFileBytes = 256L << 20;
    // What is held at once is about twelve bytes for each pixel.
    private const long MaxPixels = 1L << 25;
    // Progressive JPEG goes over all pixels in each scan; usual are about ten scans.
    private const long MaxScannedPixels = 1L << 29;
    // Deflate cannot make data smaller than this.
    private const long LargestRatio = 1040;
    private const ulong PngSignature = 0x89504E470D0A1A0A;
    // Decoders look a little ahead.
    private const int ReadsPastEnd = 64;

    /// <summary>Decodes a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="components">The colours wanted.</param>
    /// <param name="cancellation">Stops the decoding.</param>
    /// <exception cref="ModelFormatException">It is damaged, too large, or none of the three kinds.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ImageResult Decode(string file, ColorComponents components, CancellationToken cancellation)
    {
        byte[] content = InputFile.ReadAllBytes(file, MaxFileBytes);
        try
        {
            using EndingStream stream = new(content, cancellation);
            ImageInfo info = IsKnown(content) && ImageInfo.FromStream(stream) is { } known ? known
                : throw new ModelFormatException(file, "", "this is no PNG, JPEG or BMP image, or it is damaged");
            long pixels = (long)info.Width * info.Height;
            if (info.Width <= 0 || info.Height <= 0 || pixels > MaxPixels)
                throw new ModelFormatException(file, "",
                    $"the image has {info.Width} × {info.Height} pixels; at most {MaxPixels:N0} are read. Make it smaller: it is resized "
                        + $"to the model's input anyway");
            if (pixels > content.Length * 8 * LargestRatio)
                throw new ModelFormatException(file, "",
                    $"{content.Length} bytes cannot hold the {info.Width} × {info.Height} pixels that the file promises");
            if (LongestMissing(content) is > 0 and var missing)
                throw new ModelFormatException(file, "",
                    $"the image is damaged: a part says that it is {missing} bytes longer than the file");
            int scans = Scans(content);
            if (scans == 0)
                throw new ModelFormatException(file, "", "the image is damaged: it has a size, but no pixels follow");
            if (pixels * scans > MaxScannedPixels)
                throw new ModelFormatException(file, "",
                    $"the image has {info.Width} × {info.Height} pixels in {scans} scans, more than can be read; save it again without "
                        + $"'progressive'");
            stream.Restart();
            return ImageResult.FromStream(stream, components);
        }
        catch (EndOfStreamException e)
        {
            throw new ModelFormatException(file, "", "the image is damaged: the file ends before the image does", e);
        }
        catch (Exception e)
            when (e is not (ModelFormatException or IOException or UnauthorizedAccessException or OperationCanceledException))
        {
            throw new ModelFormatException(file, "", $"the image cannot be read: {PlainReason.Of(e)}", e);
        }
    }

    private static bool IsKnown(ReadOnlySpan<byte> content) => content.Length > 8
        && (BinaryPrimitives.ReadUInt64BigEndian(content) == PngSignature || content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8])
        || content.StartsWith("BM"u8));

    /// <summary>
    /// By how much a part of a PNG file is longer than what is left of the file; the library takes memory for it before it reads.
    /// </summary>
    private static long LongestMissing(ReadOnlySpan<byte> content)
    {
        const int Signature = 8, Around = 12; // length, name and checksum of a part
        if (content[0] == 0xFF || content.StartsWith("BM"u8))
            return 0;
        for (long at = Signature; at + Around <= content.Length;)
        {
            long end = at + Around + BinaryPrimitives.ReadUInt32BigEndian(content[(int)at..]);
            if (end > content.Length)
                return end - content.Length;
            if (content.Slice((int)at + 4, 4).SequenceEqual("IEND"u8))
                return 0;
            at = end;
        }
        return 0;
    }

    /// <summary>How often a JPEG file says that a scan begins; inside of a scan those two bytes cannot stand.</summary>
    private static int Scans(ReadOnlySpan<byte> content) => content[0] == 0xFF ? content.Count((ReadOnlySpan<byte>)[0xFF, 0xDA]) : 1;

    /// <summary>A file in memory that may be read only a little past its end, and not after a cancellation.</summary>
    private sealed class EndingStream(byte[] content, CancellationToken cancellation) : MemoryStream(content, writable: false)
    {
        private int past;

        public void Restart() => (Position, past) = (0, 0);

        public override int ReadByte()
        {
            int read = base.ReadByte();
            if (read < 0)
                Pass();
            else if ((Position & 0xFFF) == 0)
                cancellation.ThrowIfCancellationRequested();
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            cancellation.ThrowIfCancellationRequested();
            int read = base.Read(buffer, offset, count);
            if (read == 0 && count > 0)
                Pass();
            return read;
        }

        private void Pass()
        {
            if (++past > ReadsPastEnd)
                throw new EndOfStreamException();
        }
    }
}
