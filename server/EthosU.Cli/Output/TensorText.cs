using System.Globalization;
using EthosU.Pipeline.Inspecting;
using Spectre.Console;

namespace EthosU.Cli.Output;

/// <summary>Tensors in a few words.</summary>
internal static class TensorText
{
    /// <summary>Type and shape: <c>int8 [1, 32, 32, 3]</c>.</summary>
    public static string TypeAndShape(TensorDescription tensor) => $"{tensor.Type} [{string.Join(", ", tensor.Shape)}]";

    /// <summary>Scale and zero point, or the number of channels that have their own; empty if there is none.</summary>
    public static string Quantization(TensorDescription tensor) => tensor.Quantization switch
    {
        null => "",
        { Scale: { } scale } q => string.Create(CultureInfo.InvariantCulture, $"scale {scale:G6}, zero point {q.ZeroPoint}"),
        { Scales: { } scales } q => $"{scales.Length} scales along axis {q.Axis}",
        _ => "",
    };

    /// <summary>A table of a model's inputs and outputs.</summary>
    public static Table Edges(IEnumerable<TensorDescription> inputs, IEnumerable<TensorDescription> outputs)
    {
        Table table = Tables.Create("", "name", "type", "quantization");
        foreach ((string role, IEnumerable<TensorDescription> tensors) in new[] { ("input", inputs), ("output", outputs) })
            foreach (TensorDescription tensor in tensors)
                table.Add(role, tensor.Name, TypeAndShape(tensor), Quantization(tensor));
        return table;
    }

    /// <summary>A number of bytes in a unit that people read.</summary>
    public static string Bytes(long count) => count switch
    {
        < 1024 => $"{count} bytes",
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{count / 1024.0:F1} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{count / (1024.0 * 1024):F1} MiB"),
    };
}
