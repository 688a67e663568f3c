using System.Collections.Immutable;
using System.Globalization;
using EthosU.Graphs;

namespace EthosU.Npu.Targets;

/// <summary>
/// The system configurations and memory modes that can be named: the usual ones, and those of users' own files in the form
/// of <c>vela.ini</c>. Immutable. A section of a user's file takes the place of a built-in one of the same name; among
/// users' files, later ones override single keys of earlier ones.
/// </summary>
public sealed class TargetCatalog
{
    private const string SystemPrefix = "System_Config.", ModePrefix = "Memory_Mode.";
    private const string ResourceName = "standard-targets.ini";

    private readonly ImmutableDictionary<string, IniSection> builtIn;
    private readonly ImmutableDictionary<string, IniSection> own;

    private TargetCatalog(ImmutableDictionary<string, IniSection> builtIn, ImmutableDictionary<string, IniSection> own)
    {
        this.builtIn = builtIn;
        this.own = own;
    }

    /// <summary>The built-in configurations (npu-scheduling 3.13).</summary>
    public static TargetCatalog Standard { get; } = LoadStandard();

    /// <summary>Nothing: what a file alone defines is found in this with the file.</summary>
    public static TargetCatalog Empty { get; } = new(None, None);

    /// <summary>Names of the system configurations, in order.</summary>
    public ImmutableArray<string> SystemConfigNames => Names(SystemPrefix);

    /// <summary>Names of the memory modes, in order.</summary>
    public ImmutableArray<string> MemoryModeNames => Names(ModePrefix);

    /// <summary>This catalogue with the sections of a file.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="ModelFormatException">The text is not of the form, with the line.</exception>
    public TargetCatalog With(string text, string file)
    {
        var merged = own.ToBuilder();
        foreach (IniSection section in IniReader.Read(text, file))
        {
            if (merged.TryGetValue(section.Name, out IniSection? earlier))
                foreach (IniEntry entry in earlier.Entries.Values)
                    section.Entries.TryAdd(entry.Key, entry);
            merged[section.Name] = section;
        }
        return new(builtIn, merged.ToImmutable());
    }

    /// <summary>The target of an accelerator with the usual or the named system configuration and memory mode.</summary>
    /// <param name="accelerator">A name such as <c>ethos-u55-128</c>.</param>
    /// <param name="systemConfig">Name of a system configuration; null for the usual one of the accelerator.</param>
    /// <param name="memoryMode">Name of a memory mode; null for the usual one of the accelerator.</param>
    /// <param name="arenaCacheSize">Bytes of arena or cache; null for the memory mode's own.</param>
    /// <exception cref="UnsupportedModelException">A name is unknown, or the choices contradict each other.</exception>
    /// <exception cref="ModelFormatException">A section of a file is wrong, with file and line.</exception>
    public Target Resolve(string accelerator, string? systemConfig = null, string? memoryMode = null, long? arenaCacheSize = null)
    {
        Accelerator found = Accelerator.Find(accelerator)
            ?? throw Refuse(TargetRules.Unknown, $"There is no target '{accelerator}'.",
            "Choose one of: " + Join(Accelerator.Compilable.Select(a => a.Name)) + ".");
        SystemConfig system = GetSystemConfig(systemConfig ?? found.Family.DefaultSystemConfig);
        MemoryMode mode = GetMemoryMode(memoryMode ?? found.Family.DefaultMemoryMode);
        return Combine(found, system, mode, arenaCacheSize ?? mode.ArenaCacheSize);
    }

    /// <summary>The system configuration of a name.</summary>
    /// <exception cref="UnsupportedModelException">The name is unknown.</exception>
    /// <exception cref="ModelFormatException">Its section is wrong, with file and line.</exception>
    public SystemConfig GetSystemConfig(string name)
    {
        SectionReader section = Open(SystemPrefix, name, "system configuration", SystemConfigNames);
        double clock = section.Number("core_clock", 1, 1, 1e12);
        MemoryKind axi0 = section.Choice("axi0_port", MemoryKind.Sram), axi1 = section.Choice("axi1_port", MemoryKind.Sram);
        return new(name, clock, axi0, axi1, ReadTiming(section, axi0), ReadTiming(section, axi1));
    }

    /// <summary>The memory mode of a name.</summary>
    /// <exception cref="UnsupportedModelException">The name is unknown.</exception>
    /// <exception cref="ModelFormatException">Its section is wrong, with file and line.</exception>
    public MemoryMode GetMemoryMode(string name)
    {
        SectionReader section = Open(ModePrefix, name, "memory mode", MemoryModeNames);
        return new(
            name,
            section.Choice("const_mem_area", AxiPort.Axi0),
            section.Choice("arena_mem_area", AxiPort.Axi0),
            section.Choice("cache_mem_area", AxiPort.Axi0),
            section.Has("arena_cache_size") ? section.Integer("arena_cache_size", 0, 0, 1L << 40) : null);
    }

    private static MemoryTiming ReadTiming(SectionReader section, MemoryKind memory) => new(
        section.Number($"{memory}_clock_scale", 1, 1e-6, 1),
        (int)section.Integer($"{memory}_burst_length", 1, 1, 1 << 20),
        (int)section.Integer($"{memory}_read_latency", 0, 0, 1 << 24),
        (int)section.Integer($"{memory}_write_latency", 0, 0, 1 << 24),
        (int)section.Integer($"{memory}_ports_used", 1, 1, 4));

    private static Target Combine(Accelerator accelerator, SystemConfig system, MemoryMode mode, long? size)
    {
        MemoryKind constants = system.MemoryAt(mode.ConstPort), arena = system.MemoryAt(mode.ArenaPort),
            cache = system.MemoryAt(mode.CachePort);
        string pair = $"The memory mode '{mode.Name}' does not fit the system configuration '{system.Name}'";
        if (arena is not (MemoryKind.Sram or MemoryKind.Dram))
            throw Refuse(TargetRules.MemoryMode,
                $"{pair}: it puts the tensor arena at {mode.ArenaPort}, which is {arena} and cannot be written.",
                "Use Shared_Sram or Sram_Only, or a system configuration with a DRAM.");
        if (cache != MemoryKind.Sram)
            throw Refuse(TargetRules.MemoryMode, $"{pair}: it puts the fast buffers at {mode.CachePort}, which is {cache}.",
                "The memory at cache_mem_area must be Sram.");
        if (constants == MemoryKind.Sram && !(mode.ConstPort == mode.ArenaPort && mode.ConstPort == mode.CachePort))
            throw Refuse(TargetRules.MemoryMode,
                $"{pair}: it puts the constants at {mode.ConstPort}, which is Sram, but not everything else.",
                "Put the constants in Dram, OnChipFlash or OffChipFlash, or let all three areas share one port (Sram_Only).");
        if (size is < 0 || size > accelerator.AddressLimit)
            throw Refuse(TargetRules.CacheSize, $"An arena cache of {size} bytes is not possible on {accelerator.Name}.",
                $"Give a size from 0 to {accelerator.AddressLimit} bytes.");
        return new(accelerator, system, mode, size ?? accelerator.AddressLimit);
    }

    private SectionReader Open(string prefix, string name, string kind, ImmutableArray<string> names)
    {
        if (Find(prefix + name) is null)
            throw Refuse(TargetRules.Unknown, $"There is no {kind} '{name}'.",
                $"Known are: {Join(names)}. Others need a configuration file that defines them (--config FILE.ini).");
        var chain = new List<IniSection>();
        for (IniSection? section = Find(prefix + name); section is not null;)
        {
            if (chain.Contains(section))
                throw new ModelFormatException(section.File, $"line {section.Line}", $"section '{section.Name}' inherits from itself");
            chain.Add(section);
            if (!section.Entries.TryGetValue("inherit", out IniEntry? parent))
                break;
            section = ParentOf(section, parent.Value)
                ?? throw new ModelFormatException(parent.File, $"line {parent.Line}",
                $"section '{section.Name}' inherits from '{parent.Value}', which does not exist");
        }
        return new(chain);
    }

    private IniSection? ParentOf(IniSection child, string name)
    {
        // A user's section may extend the built-in one whose name it takes.
        if (name == child.Name && own.ContainsValue(child))
            return builtIn.GetValueOrDefault(name) ?? child;
        return Find(name);
    }

    private IniSection? Find(string name) => own.GetValueOrDefault(name) ?? builtIn.GetValueOrDefault(name);

    private ImmutableArray<string> Names(string prefix) =>
        [.. own.Keys.Union(builtIn.Keys).Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Select(n => n[prefix.Length..])
        .Order(StringComparer.Ordinal)];

    private static string Join(IEnumerable<string> names) => string.Join(", ", names);

    private static UnsupportedModelException Refuse(string rule, string reason, string advice) =>
        new([new Finding(rule, FindingSeverity.Error, reason, advice, Source.None)]);

    private static ImmutableDictionary<string, IniSection> None =>
        ImmutableDictionary<string, IniSection>.Empty.WithComparers(StringComparer.Ordinal);

    private static TargetCatalog LoadStandard()
    {
        using Stream stream = typeof(TargetCatalog).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"the resource {ResourceName} is missing");
        using var reader = new StreamReader(stream);
        var sections = IniReader.Read(reader.ReadToEnd(), ResourceName).ToImmutableDictionary(s => s.Name, StringComparer.Ordinal);
        return new(sections, None);
    }

    /// <summary>Reads typed values of a section and those it inherits from.</summary>
    private sealed class SectionReader(List<IniSection> chain)
    {
        public bool Has(string key) => Find(key) is not null;

        public double Number(string key, double absent, double min, double max)
        {
            if (Find(key) is not { } entry)
                return absent;
            if (!double.TryParse(entry.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                || !(value >= min && value <= max))
                throw Error(entry, string.Create(CultureInfo.InvariantCulture, $"{entry.Key} must be a number from {min} to {max}"));
            return value;
        }

        public long Integer(string key, long absent, long min, long max)
        {
            if (Find(key) is not { } entry)
                return absent;
            if (!long.TryParse(entry.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) || value < min
                || value > max)
                throw Error(entry, $"{entry.Key} must be a whole number from {min} to {max}");
            return value;
        }

        public T Choice<T>(string key, T absent) where T : struct, Enum
        {
            if (Find(key) is not { } entry)
                return absent;
            foreach (T value in Enum.GetValues<T>())
                if (value.ToString() == entry.Value)
                    return value;
            throw Error(entry, $"{entry.Key} must be one of {Join(Enum.GetNames<T>())}");
        }

        private IniEntry? Find(string key)
        {
            foreach (IniSection section in chain)
                foreach (IniEntry entry in section.Entries.Values)
                    if (entry.Key.Equals(key, StringComparison.OrdinalIgnoreCase))
                        return entry;
            return null;
        }

        private static ModelFormatException Error(IniEntry entry, string expected) =>
            new(entry.File, $"line {entry.Line}", $"{expected}, not '{entry.Value}'");
    }
}
