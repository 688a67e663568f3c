using System.Text;
using EthosU.Graphs;

namespace EthosU.Npu.Targets;

/// <summary>
/// Reads text in the form of <c>vela.ini</c>: what Python's configparser accepts with its usual settings
/// (npu-scheduling 3.14). Keys are folded to lower case, <c>%(key)s</c> stands for another key of the section.
/// </summary>
internal sealed class IniReader
{
    private const string DefaultSection = "DEFAULT";

    private readonly string file;
    private readonly Dictionary<string, IniSection> sections = new(StringComparer.Ordinal);

    private IniReader(string file) => this.file = file;

    /// <summary>The sections of a file, in its order.</summary>
    /// <exception cref="ModelFormatException">The text does not have the form.</exception>
    public static List<IniSection> Read(string text, string file)
    {
        var reader = new IniReader(file);
        reader.ReadLines(text);
        return reader.Finish();
    }

    private void ReadLines(string text)
    {
        IniSection? section = null;
        IniEntry? open = null;
        int openIndent = 0, number = 0;
        foreach (string raw in text.TrimStart('\uFEFF').Split('\n'))
        {
            number++;
            string line = raw.TrimEnd('\r', ' ', '\t');
            string trimmed = line.TrimStart();
            if (trimmed.Length == 0 || trimmed[0] is '#' or ';')
                continue;
            int indent = line.Length - trimmed.Length;
            if (open is not null && indent > openIndent)
            {
                open = open with { Value = $"{open.Value}\n{trimmed}" };
                section!.Entries[open.Key] = open;
                continue;
            }
            if (trimmed[0] == '[')
            {
                section = AddSection(trimmed, number);
                open = null;
                continue;
            }
            if (section is null)
                throw Error(number, "a '[section]' line is expected before the first key");
            open = AddEntry(section, trimmed, number);
            openIndent = indent;
        }
    }

    private IniSection AddSection(string line, int number)
    {
        int end = line.LastIndexOf(']');
        if (end < 2)
            throw Error(number, $"a section's name in brackets is expected, not '{line}'");
        var section = new IniSection(line[1..end], file, number);
        if (!sections.TryAdd(section.Name, section))
            throw Error(number, $"section '{section.Name}' is already defined in line {sections[section.Name].Line}");
        return section;
    }

    private IniEntry AddEntry(IniSection section, string line, int number)
    {
        int delimiter = line.AsSpan().IndexOfAny('=', ':');
        if (delimiter <= 0)
            throw Error(number, $"'key = value' is expected, not '{line}'");
        var entry = new IniEntry(FoldKey(line[..delimiter]), line[(delimiter + 1)..].Trim(), file, number);
        if (!section.Entries.TryAdd(entry.Key, entry))
            throw Error(number, $"key '{entry.Key}' of section '{section.Name}' is already set in line {section.Entries[entry.Key].Line}");
        return entry;
    }

    private List<IniSection> Finish()
    {
        sections.Remove(DefaultSection, out IniSection? defaults);
        foreach (IniSection section in sections.Values)
        {
            foreach (IniEntry entry in defaults?.Entries.Values ?? Enumerable.Empty<IniEntry>())
                section.Entries.TryAdd(entry.Key, entry);
            var expanded = section.Entries.Values.Select(e => e with { Value = Interpolate(section, e.Value, e.Line, 0) }).ToList();
            foreach (IniEntry entry in expanded)
                section.Entries[entry.Key] = entry;
        }
        return [.. sections.Values];
    }

    private string Interpolate(IniSection section, string value, int line, int depth)
    {
        if (!value.Contains('%', StringComparison.Ordinal))
            return value;
        if (depth > 9)
            throw Error(line, "the value refers to itself through '%(…)s'");
        var result = new StringBuilder();
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] != '%')
            {
                result.Append(value[i]);
                continue;
            }
            if (i + 1 < value.Length && value[i + 1] == '%')
            {
                result.Append('%');
                i++;
                continue;
            }
            int end = value.IndexOf(")s", i, StringComparison.Ordinal);
            if (i + 1 >= value.Length || value[i + 1] != '(' || end < 0)
                throw Error(line, "'%' begins a reference '%(key)s'; a percent sign itself is written '%%'");
            string key = FoldKey(value[(i + 2)..end]);
            if (!section.Entries.TryGetValue(key, out IniEntry? entry))
                throw Error(line, $"'%({key})s' refers to a key that section '{section.Name}' does not have");
            result.Append(Interpolate(section, entry.Value, line, depth + 1));
            if (result.Length > 10000)
                throw Error(line, "the value is too long");
            i = end + 1;
        }
        return result.ToString();
    }

#pragma warning disable CA1308 // configparser folds keys to lower case
    private static string FoldKey(string key) => key.Trim().ToLowerInvariant();
#pragma warning restore CA1308

    private ModelFormatException Error(int line, string expected) => new(file, $"line {line}", expected);
}
