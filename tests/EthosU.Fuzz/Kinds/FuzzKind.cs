using EthosU.Testing;

namespace EthosU.Fuzz.Kinds;

/// <summary>One kind of input: where its seeds come from, how they are changed, and what is done with a changed one.</summary>
internal abstract class FuzzKind
{
    /// <summary>All kinds.</summary>
    public static IReadOnlyList<FuzzKind> All { get; } =
        [new OnnxKind(), new TorchKind(), new TfLiteKind(), new CompiledKind(), new EngineKind(), new NumpyKind(), new ImageKind(),
        new JsonKind(), new IniKind(), new LspKind()];

    /// <summary>Its name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>How its files end.</summary>
    public abstract string Extension { get; }

    /// <summary>How many seeds there are; the same on every run with the same files.</summary>
    public abstract int SeedCount { get; }

    /// <summary>The bytes of a seed.</summary>
    public abstract byte[] Seed(int index);

    /// <summary>Does with a file what a user would; returns what must not happen, in one line, or null.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="folder">An empty folder for files.</param>
    /// <param name="random">Choices of the run.</param>
    public abstract string? Run(byte[] content, string folder, Random random);

    /// <summary>The mutant of a number: the same for the same seed of the campaign.</summary>
    public (byte[] Mutant, byte[] Seed) Make(int campaign, int number)
    {
        Random random = RandomOf(campaign, number);
        byte[] seed = Seed(random.Next(SeedCount)), other = Seed(random.Next(SeedCount));
        return (random.Next(5) == 0 ? Mutation.Of(seed, random) : Mutate(seed, other, random), seed);
    }

    /// <summary>The random numbers of a mutant.</summary>
    public static Random RandomOf(int campaign, int number) => new(unchecked((campaign * 1_000_003) ^ (number * 7919)));

    /// <summary>A changed copy of a seed.</summary>
    protected abstract byte[] Mutate(byte[] seed, byte[] other, Random random);

    /// <summary>
    /// Files with an ending below the shared data and the samples, the smallest first, none larger than what is run quickly.
    /// </summary>
    protected static string[] Files(string extension, long largest, Func<string, bool>? suits = null)
    {
        string[] folders = [Path.Combine(SharedData.RepositoryRoot, "samples"), Path.Combine(SharedData.Root, "data")];
        return [.. folders.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*" + extension, SearchOption.AllDirectories))
            .Where(file => new FileInfo(file).Length <= largest && (suits is null || suits(file)))
            .Order(StringComparer.Ordinal)];
    }
}
