using System.Collections.Immutable;
using System.Text.Json.Nodes;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Simulator.Tests;

/// <summary>
/// Streams for the Ethos-U85 with a register changed break the rule that it stands for. A row of <c>Data/engine-violations.json</c> names a
/// compiled file, a command by its name and number among those of the name, one of its fields with the new number, and the rule.
/// </summary>
public sealed class EngineViolationTests
{
    public static TheoryData<int> Rows => [.. Enumerable.Range(0, Table().Count)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_changed_register_breaks_a_rule(int row)
    {
        JsonNode entry = Table()[row]!;
        string archive = (string)entry["archive"]!, name = (string)entry["file"]!, rule = (string)entry["rule"]!;
        Graph graph = TfLiteReader.Read(EngineSuite.Files(archive)[name], name);
        EthosUNode operands = EthosUNode.Of(graph.Nodes.First(EthosUNode.Matches), name);
        DriverPayload payload = DriverPayload.Decode(operands.Payload.Data!.Bytes.Span, name);
        Assert.DoesNotContain(rule, Rules(payload, operands));
        ImmutableArray<Command> changed = Change(payload.Commands.Commands, entry);
        Assert.Contains(rule, Rules(DriverPayload.Create(payload.Config, payload.Commands with { Commands = changed }), operands));
    }

    private static ImmutableArray<Command> Change(ImmutableArray<Command> commands, JsonNode entry)
    {
        int[] places = [.. Enumerable.Range(0, commands.Length)
            .Where(i => commands[i].Definition.Name == (string)entry["command"]!)];
        int place = places[(int?)entry["number"] ?? 0];
        Command command = commands[place];
        if ((string?)entry["field"] is not { } name)
            return commands.RemoveAt(place);
        CommandField field = command.Definition.Fields.Single(one => one.Name == name);
        ulong value = field.Write(command.Value, (long)entry["value"]!);
        return commands.SetItem(place, Command.WithValue(command.Code, value) with { Set = command.Set });
    }

    /// <summary>The rules that a stream breaks on memory that is written all over.</summary>
    private static string[] Rules(DriverPayload payload, EthosUNode operands)
    {
        const int size = 1 << 16;
        NpuMemory memory = new();
        memory.SetReadOnly(0, operands.ReadOnlyData.Data is { } data ? data.Bytes : default);
        memory.SetScratch(1, size);
        memory.Write(1, 0, new byte[size]);
        if (operands.FastScratch == operands.Scratch)
        {
            memory.SetAlias(2, 1);
        }
        else
        {
            memory.SetScratch(2, size);
            memory.Write(2, 0, new byte[size]);
        }
        return [.. NpuSimulator.Run(new(payload, "test"), memory).Violations.Select(static violation => violation.Rule)];
    }

    private static JsonArray Table() => JsonNode.Parse(File.ReadAllText(
        Path.Combine(SharedData.RepositoryRoot, "tests", "EthosU.Simulator.Tests", "Data", "engine-violations.json")))!.AsArray();
}
