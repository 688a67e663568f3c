using System.IO.Compression;
using System.Text;
using EthosU.Graphs;
using EthosU.Npy;
using EthosU.Quantize.Data;
using EthosU.Testing;

namespace EthosU.Fuzz.Kinds;

/// <summary>Seeds that are made here.</summary>
internal abstract class MadeKind(string extension, Func<IEnumerable<byte[]>> make) : FuzzKind
{
    private readonly Lazy<byte[][]> seeds = new(() => [.. make()]);

    public override string Extension => extension;

    public override int SeedCount => seeds.Value.Length;

    public override byte[] Seed(int index) => seeds.Value[index];

    /// <summary>Runs what may refuse its input, but in no other way than it says.</summary>
    protected static string? Guard(Action run, params Type[] documented)
    {
        try
        {
            run();
            return null;
        }
        catch (Exception e)
            when (e is ModelFormatException or UnsupportedModelException or IOException || documented.Any(type => type.IsInstanceOfType(e)))
        {
            return null;
        }
        catch (Exception e)
        {
            return CommandLine.Signature(e.ToString());
        }
    }

    protected static void ReadSamples(string path, Tensor input)
    {
        int count = 0;
        foreach (Sample _ in SampleSource.Open(path, [input]).Read(CancellationToken.None))
            if (++count > 20)
                return;
    }
}

/// <summary>NumPy arrays and archives, as calibration and as labelled data.</summary>
internal sealed class NumpyKind() : MadeKind(".npy", MakeSeeds)
{
    private static readonly ElementType[] Types =
        [ElementType.Float32, ElementType.UInt8, ElementType.Int64, ElementType.Bool, ElementType.Float16, ElementType.UInt64,
        ElementType.Int16];
    private static readonly Tensor[] Inputs =
        [new("x", ElementType.Float32, [1, 3, 4, 4]), new("x", ElementType.Int32, [1, 3, 4, 4]), new("x", ElementType.Float32, [1, 48]),
        new("x", ElementType.Int8, [1, 3, 4, 4])];

    public override string Name => "npy";

    public override string? Run(byte[] content, string folder, Random random)
    {
        string path = Path.Combine(folder, content.AsSpan().StartsWith("PK"u8) ? "data.npz" : "data.npy");
        File.WriteAllBytes(path, content);
        return Guard(() => ReadSamples(path, Inputs[random.Next(Inputs.Length)])) ?? Guard(() =>
        {
            if (path.EndsWith(".npz", StringComparison.Ordinal))
                NumpyArchive.ReadAll(path);
            else
                NumpyFile.Read(path);
        });
    }

    protected override byte[] Mutate(byte[] seed, byte[] other, Random random)
    {
        int end = seed.AsSpan().IndexOf((byte)'\n');
        if (seed[0] == 'P' || end < 12)
            return Mutation.Of(seed, random);
        // The header is a text; its length may stay the old one.
        string header = Encoding.Latin1.GetString(seed, 10, end - 10);
        string[] words =
            ["shape", "descr", "'<f4'", "'>i8'", "'|V9'", "fortran_order", "True", "(1,)", "()", "(0, 3)", "(-1,)", "(99999999999,)",
            "(65536, 65536)", "{", "}", "'", ",", "#"];
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(header.Length), length = Math.Min(random.Next(6), header.Length - at);
            header = header.Remove(at, length).Insert(at, words[random.Next(words.Length)]);
        }
        byte[] text = Encoding.Latin1.GetBytes(header);
        byte[] changed = [.. seed[..10], .. text, .. seed[end..]];
        if (random.Next(3) > 0)
            (changed[8], changed[9]) = ((byte)(text.Length + 1), (byte)((text.Length + 1) >> 8));
        return changed;
    }

    private static IEnumerable<byte[]> MakeSeeds()
    {
        foreach (ElementType type in Types)
        {
            NumpyArray array = new(type, [2, 3, 4, 4], new byte[type.ByteCount(96)]);
            using MemoryStream file = new(), archive = new();
            NumpyFile.Write(file, array);
            NumpyArchive.Write(archive, [new("x", array), new("y", NumpyArray.From<long>([2], [1, 2]))],
                compress: type != ElementType.UInt8);
            yield return file.ToArray();
            yield return archive.ToArray();
        }
    }
}

/// <summary>Images as calibration data.</summary>
internal sealed class ImageKind() : MadeKind(".img", MakeSeeds)
{
    public override string Name => "images";

    public override string? Run(byte[] content, string folder, Random random)
    {
        string inner = Directory.CreateDirectory(Path.Combine(folder, "images")).FullName;
        File.WriteAllBytes(Path
            .Combine(inner, $"image.{(content.Length > 0 && content[0] == 0xFF ? "jpg" : content.Length > 0 && content[0] == 'B' ? "bmp" : "png")}"), content);
        return Guard(() => ReadSamples(inner, new("x", ElementType.Float32, random.Next(2) == 0 ? [1, 1, 8, 8] : [1, 3, 8, 8])));
    }

    protected override byte[] Mutate(byte[] seed, byte[] other, Random random)
    {
        byte[] copy = Mutation.Of(seed, random);
        // The start decides which decoder runs.
        if (random.Next(8) > 0)
            seed.AsSpan(0, Math.Min(8, Math.Min(seed.Length, copy.Length))).CopyTo(copy);
        return copy;
    }

    private static IEnumerable<byte[]> MakeSeeds()
    {
        yield return Jpeg(0xC0, [[0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x00, 0xFF, 0x00]]);
        yield return Jpeg(0xC2, [[0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0, 0x0F], [0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 63, 0, 0x0F]]);
        foreach ((byte depth, byte color, int bits) in new (byte, byte, int)[] { (8, 0, 8), (8, 2, 24), (8, 6, 32), (8, 3, 8), (1, 0, 1),
            (16, 2, 48), (4, 3, 4) })
            foreach (byte interlaced in new byte[] { 0, 1 })
                yield return Png(depth, color, bits, interlaced);
        foreach (short bits in new short[] { 8, 16, 24, 32 })
            yield return [.. "BM"u8, .. BitConverter.GetBytes(54 + 1024 + (16 * 16 * 4)), 0, 0, 0, 0,
                .. BitConverter.GetBytes(bits == 8 ? 54 + 1024 : 54), .. BitConverter.GetBytes(40), 16, 0, 0, 0, 16, 0, 0, 0,
                1, 0, .. BitConverter.GetBytes(bits), .. new byte[24], .. bits == 8 ? new byte[1024]
                    : [], .. Enumerable.Range(0, 16 * 16 * 4).Select(static i => (byte)i)];
    }

    /// <summary>A grey image of 16 × 16 pixels with Huffman tables of one code each.</summary>
    private static byte[] Jpeg(byte frame, byte[][] scans) =>
    [
        0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64), 0xFF, frame, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0,
        0xFF, 0xC4, 0, 20, 0x00, 1, .. new byte[15], 0, 0xFF, 0xC4, 0, 20, 0x10, 1, .. new byte[15], 0,
        .. scans.SelectMany(static scan => scan), 0xFF, 0xD9,
    ];

    private static byte[] Png(byte depth, byte color, int bits, byte interlaced)
    {
        using MemoryStream packed = new();
        using (ZLibStream deflate = new(packed, CompressionLevel.Fastest, leaveOpen: true))
            deflate.Write(new byte[(16 * ((16 * bits / 8) + 1)) + 64]);
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A,
            .. Chunk("IHDR", [0, 0, 0, 16, 0, 0, 0, 16, depth, color, 0, 0, interlaced]),
            .. color == 3 ? Chunk("PLTE", new byte[48]) : [], .. color == 3 ? Chunk("tRNS", new byte[16])
                : [], .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string name, byte[] content) =>
        [(byte)(content.Length >> 24), (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length,
        .. Encoding.ASCII.GetBytes(name), .. content, 0, 0, 0, 0];
}
