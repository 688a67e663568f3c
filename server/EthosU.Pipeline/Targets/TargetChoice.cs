using EthosU.Files;
using EthosU.Graphs;
using EthosU.Npu.Targets;

namespace EthosU.Pipeline.Targets;

/// <summary>The NPU and its surroundings, as a user names them.</summary>
public sealed record TargetChoice
{
    /// <summary>The target where nothing else is said.</summary>
    public const string DefaultAccelerator = "ethos-u55-128";

    /// <summary>Name of the accelerator, such as <c>ethos-u55-128</c>.</summary>
    public string Accelerator { get; init; } = DefaultAccelerator;

    /// <summary>Name of the system configuration; null for the accelerator's usual one.</summary>
    public string? SystemConfig { get; init; }

    /// <summary>Name of the memory mode; null for the accelerator's usual one.</summary>
    public string? MemoryMode { get; init; }

    /// <summary>
    /// Files in the form of <c>vela.ini</c> with further configurations, later ones over earlier ones. <c>Arm/vela.ini</c> stands for the
    /// built-in ones where there is no such file.
    /// </summary>
    public IReadOnlyList<string> ConfigPaths { get; init; } = [];

    /// <summary>Bytes of the arena's cache; null for the memory mode's own.</summary>
    public long? ArenaCacheSize { get; init; }

    /// <summary>The target that is meant, in names and figures.</summary>
    /// <exception cref="UnsupportedModelException">A name is unknown, or the choices contradict each other.</exception>
    /// <exception cref="ModelFormatException">A configuration file is wrong, with file and line.</exception>
    /// <exception cref="IOException">A configuration file cannot be read.</exception>
    public TargetSummary Summary() => TargetSummary.Of(Resolve());

    /// <summary>
    /// The same for another accelerator; the system configuration and memory mode stay only if it is of the same product.
    /// </summary>
    public TargetChoice For(string accelerator)
    {
        bool sameProduct = Npu.Targets.Accelerator.Find(accelerator) is { } wanted && Npu.Targets.Accelerator.Find(Accelerator) is { } given
            && wanted.Family == given.Family;
        return sameProduct ? this with { Accelerator = accelerator } : new() { Accelerator = accelerator, ConfigPaths = ConfigPaths };
    }

    /// <summary>The target that is meant, to compile for it.</summary>
    /// <exception cref="UnsupportedModelException">
    /// A name is unknown, the choices contradict each other, or models cannot be compiled for the accelerator.
    /// </exception>
    /// <exception cref="ModelFormatException">A configuration file is wrong, with file and line.</exception>
    /// <exception cref="IOException">A configuration file cannot be read.</exception>
    internal Target Resolve()
    {
        Target target = ResolveKnown();
        target.RequireCompiler();
        return target;
    }

    /// <summary>The target that is meant, perhaps one that models cannot be compiled for.</summary>
    /// <exception cref="UnsupportedModelException">A name is unknown, or the choices contradict each other.</exception>
    /// <exception cref="ModelFormatException">A configuration file is wrong, with file and line.</exception>
    /// <exception cref="IOException">A configuration file cannot be read.</exception>
    internal Target ResolveKnown()
    {
        TargetCatalog catalog = TargetCatalog.Standard;
        foreach (string path in ConfigPaths)
        {
            if (ConfigListing.IsBuiltIn(path))
                continue;
            InputFile.Require(path, "a configuration (.ini)");
            catalog = catalog.With(InputFile.ReadAllText(path), path);
        }
        return catalog.Resolve(Accelerator, SystemConfig, MemoryMode, ArenaCacheSize);
    }
}
