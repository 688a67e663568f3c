using EthosU.Testing;
using Xunit;

namespace EthosU.Repository.Tests.Architecture;

/// <summary>Who may see whom: projects as <c>rooms.txt</c> says, the folders of a project without circles.</summary>
public sealed class ArchitectureTests
{
    public static TheoryData<string> Projects => [.. SourceProject.All.Select(static project => project.Name)];

    [Fact]
    public void Projects_see_what_the_table_of_rooms_allows()
    {
        string file = Path.Combine(SharedData.RepositoryRoot, "tests", "EthosU.Repository.Tests", "Architecture", "rooms.txt");
        string[] table = [.. File.ReadLines(file).Where(static line => line.Length > 0 && line[0] != '#').Order(StringComparer.Ordinal)];
        Assert.Equal(string.Join('\n', table),
            string.Join('\n',
                SourceProject.All.Select(static project => $"{project.Name}: {string.Join(' ', project.References)}".TrimEnd())
            .Order(StringComparer.Ordinal)));
    }

    /// <summary>A project's own folder is its face: what is in it may see all folders below, and they may see it.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_of_a_project_make_no_circle(string name)
    {
        Dictionary<(string From, string To), string> uses = SourceProject.All.Single(project => project.Name == name).Uses();
        string[] all = [.. uses.Keys.SelectMany(static edge => new[] { edge.From, edge.To }).Distinct().Order(StringComparer.Ordinal)];
        ILookup<string, string> seen = uses.Keys.Where(static edge => edge.From.Length > 0 && edge.To.Length > 0)
            .ToLookup(static edge => edge.From, static edge => edge.To);
        List<string> circles = [];
        foreach (string room in all)
            if (Circle(room, seen) is { } path && path.Min(StringComparer.Ordinal) == room)
                circles.Add(string
                    .Join('\n', path.Zip([.. path.Skip(1), path[0]], (from, to) => $"{from} sees {to} ({uses[(from, to)]})")));
        Assert.True(circles.Count == 0, string.Join("\n\n", circles));
    }

    /// <summary>What comes from outside is known in one place, behind an interface of our own.</summary>
    [Theory]
    [InlineData("Microsoft.ML.OnnxRuntime", "EthosU.Quantize/Reference/OnnxRuntime")]
    [InlineData("StbImageSharp", "EthosU.Quantize/Data")]
    [InlineData("System.IO.Hashing", "EthosU.Torch/Archives")]
    public void A_library_is_seen_from_one_folder(string library, string folder)
    {
        string server = Path.Combine(SharedData.RepositoryRoot, "server");
        string[] users = [.. Directory.EnumerateFiles(server, "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadLines(file).Any(line => line.Contains(library, StringComparison.Ordinal)))
            .Select(file => Path.GetRelativePath(server, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(static user => !user.Split('/').Contains("obj")).Distinct()];
        Assert.Equal([folder], users);
    }

    /// <summary>The shortest way from a folder back to itself; null if there is none.</summary>
    private static string[]? Circle(string start, ILookup<string, string> seen)
    {
        Dictionary<string, string> cameFrom = [];
        Queue<string> open = new([start]);
        while (open.TryDequeue(out string? at))
            foreach (string next in seen[at])
            {
                if (next == start)
                {
                    List<string> path = [at];
                    while (path[^1] != start)
                        path.Add(cameFrom[path[^1]]);
                    path.Reverse();
                    return [.. path];
                }
                if (cameFrom.TryAdd(next, at))
                    open.Enqueue(next);
            }
        return null;
    }
}
