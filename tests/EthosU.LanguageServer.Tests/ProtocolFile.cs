using System.Text.RegularExpressions;
using EthosU.Testing;

namespace EthosU.LanguageServer.Tests;

/// <summary>The client's types of what it exchanges with the server, as <c>client/shared/protocol.ts</c> declares them.</summary>
internal sealed partial class ProtocolFile
{
    private readonly Dictionary<string, string> aliases;

    /// <summary>Reads the file.</summary>
    public ProtocolFile()
    {
        string text = Comment().Replace(File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "client", "shared", "protocol.ts")), "");
        aliases = Alias().Matches(text).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["type"].Value);
        Dictionary<string, Match> declared = Interface().Matches(text).ToDictionary(match => match.Groups["name"].Value);
        Interfaces = declared.Keys
            .ToDictionary(name => name, name => Members(declared, name).OrderBy(member => member.Name, StringComparer.Ordinal).ToArray());
        Methods = [.. Method().Matches(text).Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal)];
    }

    /// <summary>The members of each interface, inherited ones included, in the order of their names.</summary>
    public IReadOnlyDictionary<string, ProtocolMember[]> Interfaces { get; }

    /// <summary>The names of requests and notifications beyond the Language Server Protocol, in order.</summary>
    public IReadOnlyList<string> Methods { get; }

    private IEnumerable<ProtocolMember> Members(Dictionary<string, Match> declared, string name)
    {
        Match match = declared[name];
        IEnumerable<ProtocolMember> inherited = match.Groups["base"].Success ? Members(declared, match.Groups["base"].Value) : [];
        return [.. inherited, .. Member().Matches(match.Groups["body"].Value).Select(Read)];
    }

    private ProtocolMember Read(Match member)
    {
        string[] union = [.. member.Groups["type"].Value.Trim().Split(" | ")];
        bool isList = member.Groups["type"].Value.TrimEnd().EndsWith("[]", StringComparison.Ordinal);
        bool isNullable = member.Groups["optional"].Length > 0 || !isList && union.Contains("null");
        string type = isList ? member.Groups["type"].Value.Trim() : string.Join(" | ", union.Where(part => part != "null"));
        return new(member.Groups["name"].Value, Plain(type), isNullable);
    }

    /// <summary>A type without what C# cannot say: choices of words are strings, pairs are lists.</summary>
    private string Plain(string type) =>
        aliases.TryGetValue(type, out string? meant) ? Plain(meant)
        : type.Split(" | ").All(part => part.StartsWith('"')) ? "string"
        : type.Replace("[string, string]", "string[]", StringComparison.Ordinal);

    [GeneratedRegex(@"/\*\*.*?\*/|^\s*//[^\n]*", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("""^export type (?<name>\w+) = (?<type>"[^;{]+);""", RegexOptions.Multiline)]
    private static partial Regex Alias();

    [GeneratedRegex(@"^export interface (?<name>\w+)(?: extends (?<base>\w+))? \{(?<body>[^{}]*)\}", RegexOptions.Multiline)]
    private static partial Regex Interface();

    [GeneratedRegex(@"(?<name>\w+)(?<optional>\??): (?<type>[^;]+);")]
    private static partial Regex Member();

    [GeneratedRegex("""\w+: "(?<name>ethosu/\w+)",""")]
    private static partial Regex Method();
}
