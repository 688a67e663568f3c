using System.Text.Json;
using EthosU.Torch.Programs;
using EthosU.Torch.Reading;
using Xunit;

namespace EthosU.Torch.Tests.Reading;

/// <summary>Files of torch 2.6, 2.13 and 2.14 are read as their index says (pt2-format).</summary>
public sealed class ProgramReaderTests
{
    private static ExportedProgram Read(IndexedFile file) => ProgramReader.Read(file.Path, TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("features", 157)]
    [InlineData("cifar", 8)]
    [InlineData("nets", 13)]
    [InlineData("quantized", 12)]
    [InlineData("torch-2.6", 9)]
    [InlineData("torch-2.13", 9)]
    public void Programs_agree_with_the_index(string folder, int count)
    {
        IReadOnlyList<IndexedFile> files = IndexedFile.In(folder);
        Assert.Equal(count, files.Count);
        Assert.All(files, static file => Agrees(file, Read(file)));
    }

    private static void Agrees(IndexedFile file, ExportedProgram program)
    {
        JsonElement index = file.Entry;
        Assert.StartsWith(index.GetProperty("torch").GetString()!, program.TorchVersion.Length > 0 ? program.TorchVersion : "2.6.0");
        Assert.Equal(index.GetProperty("nodes").GetInt32(), program.Graph.Nodes.Length);
        Dictionary<string, int> targets = index.GetProperty("targets").EnumerateObject()
            .ToDictionary(static target => target.Name.Replace("torch.ops.", "", StringComparison.Ordinal),
                static target => target.Value.GetInt32());
        Assert.Equal(targets, program.Graph.Nodes.CountBy(static node => node.Target).ToDictionary());
        Assert.Equal(program.Graph.Inputs.Length, program.Inputs.Length);
        Assert.Equal(program.Graph.Outputs.Length, program.Outputs.Length);
        if (index.TryGetProperty("inputs", out JsonElement inputs))
        {
            ProgramInput.User[] users = [.. program.Inputs.OfType<ProgramInput.User>()];
            Assert.Equal([.. inputs.EnumerateArray().Select(static input => input.GetProperty("name").GetString()!)],
                users.Select(static user => user.Name));
            foreach ((JsonElement input, ProgramInput.User user) in inputs.EnumerateArray().Zip(users))
            {
                long[] shape = Numbers(input.GetProperty("shape"));
                Assert.Equal(shape, program.Graph.Tensors[user.Name].Sizes.Select((size, axis) =>
                    size.Expression is SizeExpression.Number number ? number.Value : shape[axis]));
            }
        }
        if (index.TryGetProperty("outputs", out JsonElement outputs))
            Assert.Equal([.. outputs.EnumerateArray().Select(static output => Dotted(output.GetProperty("path").GetString()!))],
                program.Outputs.OfType<ProgramOutput.User>().Select(static user => user.Path));
        Assert.All(program.Inputs.OfType<ProgramInput.Stored>(), stored => Assert.Contains(stored.Qualified, program.Values.Keys));
    }

    private static IEnumerable<ProgramNode> Nodes(ProgramGraph graph) => graph.Nodes.SelectMany(static node => node.Inputs
        .Select(static input => input.Value).OfType<Argument.Subgraph>().SelectMany(static inner => Nodes(inner.Graph)).Append(node));

    private static long[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(static size => size.GetInt64())];

    /// <summary>A path of the index, such as <c>[0].boxes['a']</c>, as it is written here.</summary>
    private static string Dotted(string path) =>
        string.Join('.', path.Split(['[', ']', '.', '\''], StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void Names_follow_arguments_and_structures()
    {
        ExportedProgram inputs = Read(IndexedFile.Of("features", "container_inputs"));
        Assert.Equal(["pair.0", "pair.1", "named.third"], inputs.Inputs.OfType<ProgramInput.User>().Select(static user => user.Path));
        ExportedProgram outputs = Read(IndexedFile.Of("features", "nested_output"));
        Assert.Equal(["0.0", "0.1.0", "0.1.1.a", "0.1.1.b.0", "1", "2"],
            outputs.Outputs.OfType<ProgramOutput.User>().Select(static user => user.Path));
        ExportedProgram named = Read(IndexedFile.Of("features", "named_output"));
        Assert.Equal(["boxes", "scores"], named.Outputs.OfType<ProgramOutput.User>().Select(static user => user.Path));
        ExportedProgram numbers = Read(IndexedFile.Of("features", "number_inputs"));
        Assert.Equal(["x"], numbers.Inputs.OfType<ProgramInput.User>().Select(static user => user.Path));
        Assert.Equal(4, numbers.Inputs.OfType<ProgramInput.Fixed>().Count());
    }

    [Theory]
    [InlineData("features")]
    [InlineData("cifar")]
    [InlineData("quantized")]
    [InlineData("torch-2.6")]
    [InlineData("torch-2.13")]
    public void Lines_of_the_users_file_stand_in_it(string folder)
    {
        // The sources of the fixtures have the lines that the traces name.
        Assert.All(IndexedFile.In(folder), static file =>
        {
            string source = file.Entry.GetProperty("source").GetString()!;
            string[] lines = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(file.Path)!, "..", source));
            ExportedProgram program = Read(file);
            Assert.Contains(Nodes(program.Graph), static node => node.Source.UserFrame is not null);
            Assert.All(program.Graph.Nodes.Select(static node => node.Source.UserFrame).OfType<Graphs.PythonFrame>(), frame =>
            {
                Assert.StartsWith("/project/", frame.File, StringComparison.Ordinal);
                Assert.Equal("forward", frame.Function);
                if (frame.File.EndsWith(Path.GetFileName(source), StringComparison.Ordinal))
                    Assert.Equal(frame.Text, lines[frame.Line - 1].Trim());
            });
        });
    }

    [Fact]
    public void Modules_are_named_by_their_path()
    {
        ExportedProgram program = Read(IndexedFile.Of("features", "encoder_layer"));
        Assert.Contains(program.Graph.Nodes, static node => node.Source.Module == "a.self_attn");
        ExportedProgram strict = Read(IndexedFile.Of("torch-2.6", "old_cnn_strict"));
        Assert.All(strict.Graph.Nodes, static node => Assert.DoesNotContain("[", node.Source.Module ?? "", StringComparison.Ordinal));
        Assert.Contains(strict.Graph.Nodes, static node => node.Source.Module == "bn");
    }

    [Fact]
    public void Tied_and_strided_values_share_their_storage()
    {
        ExportedProgram tied = Read(IndexedFile.Of("features", "tied_weights"));
        StoredTensor[] values = [.. tied.Values.Values];
        Assert.True(values.Select(static value => value.Storage).Distinct().Count() < values.Length);
        ExportedProgram strided = Read(IndexedFile.Of("features", "odd_storages"));
        Assert.Contains(strided.Values.Values, static value => value.Strides.Contains(0) && !value.Sizes.Contains(0));
        Assert.Contains(strided.Values.Values, static value => value.Offset > 0);
    }

    [Fact]
    public void Bare_infinities_of_old_files_are_numbers()
    {
        using JsonDocument document = JsonText.Parse("""{"a": [-Infinity, Infinity, NaN, "-Infinity \" NaN"], "b\": NaN": 1}"""u8.ToArray(),
            new("net.pt2", "model.json"));
        JsonNode root = new(document.RootElement, "", new("", ""));
        Assert.Equal([double.NegativeInfinity, double.PositiveInfinity, double.NaN],
            root["a"].Items().Take(3).Select(static item => item.Real()));
        Assert.Equal("-Infinity \" NaN", document.RootElement.GetProperty("a")[3].GetString());
    }

    [Fact]
    public void Free_sizes_have_their_symbols_and_ranges()
    {
        ExportedProgram program = Read(IndexedFile.Of("features", "dynamic_batch"));
        string[] symbols = [.. program.Inputs.OfType<ProgramInput.User>().SelectMany(user => program.Graph.Tensors[user.Name].Sizes)
            .Select(static size => size.Expression).OfType<SizeExpression.Symbol>().Select(static symbol => symbol.Name)];
        Assert.NotEmpty(symbols);
        Assert.All(symbols, symbol => Assert.Contains(symbol, program.Ranges.Keys));
    }
}
