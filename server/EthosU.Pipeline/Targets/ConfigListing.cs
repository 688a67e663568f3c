using System.Collections.Immutable;
using EthosU.Files;
using EthosU.Graphs;
using EthosU.Npu.Targets;

namespace EthosU.Pipeline.Targets;

/// <summary>What a configuration file defines.</summary>
/// <param name="File">The file, as the user named it.</param>
/// <param name="SystemConfigs">Names of its system configurations, in order.</param>
/// <param name="MemoryModes">Names of its memory modes, in order.</param>
public sealed record ConfigListing(string File, ImmutableArray<string> SystemConfigs, ImmutableArray<string> MemoryModes)
{
    /// <summary>The name under which the built-in configurations go: that of the file that comes with Vela.</summary>
    public const string BuiltInFile = "Arm/vela.ini";

    /// <summary>The names in a file; the built-in ones where <see cref="BuiltInFile"/> is named and not there.</summary>
    /// <exception cref="ModelFormatException">The file is wrong, with its line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ConfigListing Of(string path)
    {
        TargetCatalog catalog = TargetCatalog.Standard;
        if (!IsBuiltIn(path))
        {
            InputFile.Require(path, "a configuration (.ini)");
            catalog = TargetCatalog.Empty.With(InputFile.ReadAllText(path), path);
        }
        return new(path, catalog.SystemConfigNames, catalog.MemoryModeNames);
    }

    /// <summary>True for the built-in configurations.</summary>
    internal static bool IsBuiltIn(string path) => path.Replace('\\', '/') == BuiltInFile && !InputFile.Exists(path);
}
