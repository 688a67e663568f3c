using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EthosU.Graphs;
using EthosU.Npu.Commands;

namespace EthosU.Npu.Disassembly;

/// <summary>Shows a payload's commands with their fields, grouped by the operation that they prepare. The names are stable.</summary>
public static class Disassembler
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The payload as text: a heading for each operation, then its commands, one on a line.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="fileName">The file, for messages.</param>
    /// <exception cref="ModelFormatException">Registers hold what no operation can be done with, or STOP is missing.</exception>
    public static string ToText(DriverPayload payload, string fileName)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture,
            $"{payload.Config.AcceleratorName}, architecture {payload.Version}, {payload.Commands.Commands.Length} commands\n");
        foreach (OperationGroup group in OperationGroup.Of(payload.Commands, fileName))
        {
            text.Append('\n').Append(group.Title).Append('\n');
            foreach (NumberedCommand command in group.Commands)
            {
                string words = command.Command.HasPayload
                    ? $"{FirstWord(command.Command):X8} {command.Command.Payload:X8}"
                    : $"{FirstWord(command.Command):X8}         ";
                text.Append(CultureInfo.InvariantCulture, $"  {command.ByteOffset,6:X5}  {words}  {command.Command}\n");
            }
        }
        return text.ToString();
    }

    /// <summary>
    /// The payload as JSON: <c>accelerator</c>, <c>architecture</c>, <c>operations</c>, each with <c>title</c>, <c>kind</c> and
    /// <c>commands</c> (<c>index</c>, <c>offset</c> in bytes, <c>name</c>, <c>words</c>, <c>fields</c>).
    /// </summary>
    /// <param name="payload">The payload.</param>
    /// <param name="fileName">The file, for messages.</param>
    /// <exception cref="ModelFormatException">Registers hold what no operation can be done with, or STOP is missing.</exception>
    public static string ToJson(DriverPayload payload, string fileName) => ToJsonNode(payload, fileName).ToJsonString(Indented);

    /// <summary>The document of <c>ToJson</c>, to be put into a larger document.</summary>
    /// <exception cref="ModelFormatException">Registers hold what no operation can be done with, or STOP is missing.</exception>
    public static JsonObject ToJsonNode(DriverPayload payload, string fileName) => new()
    {
        ["accelerator"] = payload.Config.AcceleratorName,
        ["architecture"] = payload.Version.ToString(),
        ["operations"] = new JsonArray([.. OperationGroup.Of(payload.Commands, fileName).Select(ToJson)]),
    };

    private static JsonObject ToJson(OperationGroup group) => new()
    {
        ["title"] = group.Title,
        ["kind"] = group.Kind,
        ["commands"] = new JsonArray([.. group.Commands.Select(ToJson)]),
    };

    private static JsonObject ToJson(NumberedCommand numbered)
    {
        Command command = numbered.Command;
        ulong value = command.Value;
        JsonObject fields = [];
        foreach (CommandField field in command.Definition.Fields)
        {
            string description = field.Describe(value);
            fields[field.Name] = field.Kind == CommandFieldKind.Choice ? JsonValue.Create(description)
                : JsonValue.Create(field.Read(value));
        }
        JsonArray words = [FirstWord(command)];
        if (command.HasPayload)
            words.Add(command.Payload);
        return new()
        {
            ["index"] = numbered.Index,
            ["offset"] = numbered.ByteOffset,
            ["name"] = command.Definition.Name,
            ["words"] = words,
            ["fields"] = fields,
        };
    }

    private static uint FirstWord(Command command) => (uint)command.Code | ((uint)command.Parameter << 16);
}
