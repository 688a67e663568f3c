using System.Collections.Immutable;
using System.Xml.Linq;
using EthosU.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EthosU.Repository.Tests.Architecture;

/// <summary>A project of the engine as its sources are.</summary>
internal sealed class SourceProject
{
    private static readonly string[] ImplicitUsings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading",
        "System.Threading.Tasks"];

    private readonly string folder;

    private SourceProject(string folder) => this.folder = folder;

    /// <summary>The project's name, which is its root namespace's but for <c>EthosU.Graph</c>.</summary>
    public string Name => Path.GetFileName(folder);

    /// <summary>The projects of <c>server/</c>, by name.</summary>
    public static ImmutableArray<SourceProject> All { get; } =
        [.. Directory.EnumerateDirectories(Path.Combine(SharedData.RepositoryRoot, "server")).Order(StringComparer.Ordinal)
        .Select(static folder => new SourceProject(folder))];

    /// <summary>Names of the projects that this one refers to.</summary>
    public string[] References =>
    [
        .. XDocument.Load(Path.Combine(folder, Name + ".csproj")).Descendants("ProjectReference")
            .Select(static reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>
    /// Which folder of the project uses which other, with one place where it does; an empty name is the project's own folder.
    /// </summary>
    public Dictionary<(string From, string To), string> Uses()
    {
        CSharpParseOptions options = new(LanguageVersion.Latest);
        List<SyntaxTree> trees =
        [
            .. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
                .Where(file => !Path.GetRelativePath(folder, file)
                .Split(Path.DirectorySeparatorChar)[0].Equals("obj", StringComparison.Ordinal))
                .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file)),
            CSharpSyntaxTree.ParseText(string.Concat(ImplicitUsings.Select(static name => $"global using {name};\n")), options),
        ];
        string output = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory));
        IEnumerable<string> framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        string built = Path.Combine(folder, "bin", "Release", "net10.0");
        IEnumerable<string> others = Directory.Exists(built)
            ? Directory.EnumerateFiles(built, "*.dll").Where(file => Path.GetFileNameWithoutExtension(file) != AssemblyName) : [];
        MetadataReference[] references = [.. framework.Where(file => !file.StartsWith(output, StringComparison.Ordinal)).Concat(others)
            .DistinctBy(Path.GetFileName).Select(static file => MetadataReference.CreateFromFile(file))];
        CSharpCompilation compilation =
            CSharpCompilation.Create(AssemblyName, trees, references, new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        Dictionary<(string, string), string> found = [];
        foreach (SyntaxTree tree in trees)
            Collect(compilation, tree, found);
        return found;
    }

    private string AssemblyName =>
        XDocument.Load(Path.Combine(folder, Name + ".csproj")).Descendants("AssemblyName").FirstOrDefault()?.Value ?? Name;

    private void Collect(CSharpCompilation compilation, SyntaxTree tree, Dictionary<(string, string), string> found)
    {
        string from = RoomOf(tree);
        SemanticModel model = compilation.GetSemanticModel(tree);
        foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            if (model.GetSymbolInfo(name).Symbol is not { } symbol || symbol is INamespaceSymbol)
                continue;
            INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
            if (type?.OriginalDefinition.DeclaringSyntaxReferences is not [{ SyntaxTree: { FilePath.Length: > 0 } declared }, ..])
                continue;
            string to = RoomOf(declared);
            if (to != from)
                found.TryAdd((from, to),
                    $"{Path.GetFileName(tree.FilePath)}:{name.GetLocation().GetLineSpan().StartLinePosition.Line + 1} {name}");
        }
    }

    /// <summary>The folder of a file below the project's; empty for the project's own.</summary>
    private string RoomOf(SyntaxTree tree) =>
        tree.FilePath.Length == 0 ? "" : Path.GetDirectoryName(Path.GetRelativePath(folder, tree.FilePath))!;
}
