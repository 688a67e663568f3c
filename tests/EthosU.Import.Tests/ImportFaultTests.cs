using EthosU.Graphs;
using Xunit;

namespace EthosU.Import.Tests;

/// <summary>What a check of the engine says of the model is no fault of an importer, and the other way round.</summary>
public sealed class ImportFaultTests
{
    public static TheoryData<string> Checks => ["negative size", "axis", "graph", "overflow"];

    public static TheoryData<string> Slips => ["index", "key", "null", "type", "argument", "sequence", "zero"];

    [Theory]
    [MemberData(nameof(Checks))]
    public void A_check_speaks_of_the_model(string name)
    {
        Exception e = Thrown(name);
        Assert.True(ImportFault.IsOfModel(e), e.ToString());
        Assert.False(ImportFault.IsOfImporter(e));
    }

    [Theory]
    [MemberData(nameof(Slips))]
    public void A_slip_speaks_of_the_importer(string name)
    {
        Exception e = Thrown(name);
        Assert.True(ImportFault.IsOfImporter(e), e.ToString());
        Assert.False(ImportFault.IsOfModel(e));
        Assert.Equal($"the import of Conv 'conv1' failed ({e.GetType().Name}: {e.Message})",
            new ImportFaultException(new("Conv", "y", new Source { NodeName = "conv1" }), e).Message);
    }

    [Fact]
    public void What_is_neither_passes()
    {
        foreach (Exception e in (Exception[])[new OperationCanceledException(), new IOException(), new TimeoutException()])
        {
            Assert.False(ImportFault.IsOfModel(e));
            Assert.False(ImportFault.IsOfImporter(e));
        }
    }

    private static Exception Thrown(string name)
    {
        int[] list = [1, 2];
        object number = 1;
        string? nothing = number as string;
        Dictionary<string, int> table = [];
        return Assert.ThrowsAny<Exception>(() => name switch
        {
            "negative size" => new Shape([-1]).Rank,
            "axis" => new Shape([1, 2]).NormalizeAxis(list.Length + 1),
            "graph" => ShapeInference.Infer(new Reshape(), []).Length,
            "overflow" => checked(int.MaxValue + list.Length),
            "index" => list[list.Length],
            "key" => table["missing"],
            "null" => nothing!.Length,
            "type" => ((string)number).Length,
            "argument" => new List<int>()[list.Length],
            "sequence" => list.First(static value => value > 5),
            "zero" => list[0] / (list[1] - 2),
            _ => throw new InvalidDataException(name),
        });
    }
}
