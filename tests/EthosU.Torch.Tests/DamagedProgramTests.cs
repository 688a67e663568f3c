using EthosU.Graphs;
using EthosU.Torch.Programs;
using EthosU.Torch.Reading;
using Xunit;

namespace EthosU.Torch.Tests;

/// <summary>Programs whose operands are exchanged for others are imported or described, never a fault of the importer.</summary>
public sealed class DamagedProgramTests
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1";

    private static readonly long[] Telling = [0, -1, 1, 2, 3, 7, -5, 64, 1 << 20, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];

    public static TheoryData<string> Files => [.. ExportedCase.In("features", "quantized", "torch-2.6").Select(static c => c.ToString())];

    [Theory]
    [MemberData(nameof(Files))]
    public void Exchanged_operands_are_described(string name)
    {
        ExportedCase source = ExportedCase.Find(name);
        ExportedProgram program = ProgramReader.Read(source.FilePath, TestContext.Current.CancellationToken);
        Random random = new(name.Aggregate(7, static (hash, letter) => unchecked((hash * 31) + letter)));
        string[] names = [.. program.Graph.Tensors.Keys.Order(StringComparer.Ordinal)];
        for (int i = 0; i < (Full ? 200 : 8); i++)
        {
            ExportedProgram damaged = program;
            for (int changes = random.Next(1, 3); changes > 0; changes--)
                damaged = Damaged(damaged, names, random);
            try
            {
                ProgramImporter.Import(damaged, source.FilePath, cancellation: TestContext.Current.CancellationToken);
            }
            catch (Exception e) when (e is UnsupportedModelException or ModelFormatException or OverflowException or InvalidGraphException)
            {
            }
        }
    }

    private static ExportedProgram Damaged(ExportedProgram program, string[] names, Random random)
    {
        var nodes = program.Graph.Nodes;
        int at = random.Next(nodes.Length);
        ProgramNode node = nodes[at];
        if (node.Inputs.IsEmpty)
            return program;
        int operand = random.Next(node.Inputs.Length);
        Argument value = random.Next(10) switch
        {
            0 => new Argument.None(),
            1 => new Argument.TensorValue(names[random.Next(names.Length)]),
            2 => new Argument.TensorList([.. Enumerable.Range(0, random.Next(4)).Select(_ => names[random.Next(names.Length)])]),
            3 => new Argument.OptionalTensorList([null, names[random.Next(names.Length)]]),
            4 => new Argument.Real(random.Next(2) == 0 ? double.NaN : double.PositiveInfinity),
            5 => new Argument.Text("same"),
            6 => new Argument.Truth(random.Next(2) == 0),
            7 => new Argument.Integer(Number()),
            _ => new Argument.IntegerList([.. Enumerable.Range(0, random.Next(5)).Select(_ => Number())]),
        };
        ProgramNode changed = random.Next(8) == 0 ? node with { Inputs = node.Inputs.RemoveAt(operand) }
            : node with { Inputs = node.Inputs.SetItem(operand, node.Inputs[operand] with { Value = value }) };
        return program with { Graph = program.Graph with { Nodes = nodes.SetItem(at, changed) } };

        long Number() => Telling[random.Next(Telling.Length)];
    }
}
