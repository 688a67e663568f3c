using System.Text.Json;
using System.Text.Json.Serialization;
using EthosU.Testing;

namespace EthosU.Torch.Tests;

/// <summary>A file of <c>../shared/data/pt2</c>, as its folder's index describes it.</summary>
public sealed record ExportedCase
{
    public required string Name { get; init; }

    public required string File { get; init; }

    public required string Expect { get; init; }

    public bool Stateful { get; init; }

    public CaseInput[] Inputs { get; init; } = [];

    public CaseOutput[] Outputs { get; init; } = [];

    [JsonPropertyName("other_sizes")]
    public CaseSizes[] OtherSizes { get; init; } = [];

    /// <summary>The folder below <c>../shared/data/pt2</c>.</summary>
    [JsonIgnore]
    public string Folder { get; private set; } = "";

    /// <summary>The full path of its file.</summary>
    [JsonIgnore]
    public string FilePath => SharedData.Require("data", "pt2", Folder, File);

    /// <summary>True if an output, counted among those that are tensors, has real numbers.</summary>
    public bool IsReal(int output) => Outputs.Where(static o => o.Npz is not null).ElementAt(output).Dtype!
        .Contains("float", StringComparison.Ordinal);

    /// <summary>The full path of its values.</summary>
    public string ArraysOf(string name) => SharedData.Require("data", "pt2", Folder, name);

    public override string ToString() => $"{Folder}/{Name}";

    /// <summary>All cases of some folders; none where the data are missing.</summary>
    public static IEnumerable<ExportedCase> In(params string[] folders)
    {
        foreach (string folder in folders)
        {
            string index = Path.Combine(SharedData.Root, "data", "pt2", folder, "index.json");
            if (!System.IO.File.Exists(index))
                continue;
            foreach (ExportedCase found in JsonSerializer.Deserialize<ExportedCase[]>(System.IO.File.ReadAllText(index),
                JsonSerializerOptions.Web)!)
            {
                found.Folder = folder;
                yield return found;
            }
        }
    }

    /// <summary>The case of a name with its folder.</summary>
    public static ExportedCase Find(string name) => In(name.Split('/')[0]).Single(found => found.ToString() == name);

    public sealed record CaseInput(string Name, string Npz, int[] Shape, string Dtype);

    public sealed record CaseOutput(string Path, string Kind, string? Npz, string? Dtype);

    public sealed record CaseSizes(string Npz, int[][] Shapes);
}
