using System.Collections.Immutable;
using System.Text.Json.Serialization;
using EthosU.Graphs;
using EthosU.Pipeline.Formats;
using EthosU.Pipeline.Reports;

namespace EthosU.Pipeline.Inspecting;

/// <summary>A model as data: what <c>ethosu inspect --format json</c> prints.</summary>
/// <param name="File">The file, as the user named it.</param>
/// <param name="Format"><c>onnx</c>, <c>pt2</c> or <c>tflite</c>.</param>
/// <param name="Name">The model's own name; absent if it has none.</param>
/// <param name="Description">A sentence about the model from the file.</param>
/// <param name="Inputs">What the caller provides.</param>
/// <param name="Outputs">What the caller gets.</param>
/// <param name="Operators">The operators in the order in which they run.</param>
/// <param name="Tensors">Every tensor that operators read or write, by the names that they use.</param>
/// <param name="Metadata">Names of the blocks of bytes carried along.</param>
/// <param name="Findings">What a user should know.</param>
public sealed record ModelDescription(string File, string Format, string? Name, string? Description,
    ImmutableArray<TensorDescription> Inputs, ImmutableArray<TensorDescription> Outputs, ImmutableArray<OperatorDescription> Operators,
    ImmutableArray<TensorDescription> Tensors, ImmutableArray<string> Metadata, ImmutableArray<FindingReport> Findings)
{
    /// <summary>The format's name for people.</summary>
    [JsonIgnore]
    public string FormatName => ModelFormats.All.Single(format => format.Id == Format).Name;

    internal static ModelDescription Of(ModelFile model)
    {
        Graph graph = model.Graph;
        return new(model.Path, model.Format.Id, graph.Name.Length > 0 ? graph.Name : null, graph.Description,
            [.. graph.Inputs.Select(TensorDescription.Of)], [.. graph.Outputs.Select(TensorDescription.Of)],
            [.. graph.Nodes.Select(node => OperatorDescription.Of(node, model.Path))], [.. graph.Tensors.Select(TensorDescription.Of)],
            [.. graph.Metadata.Select(static entry => entry.Name)], [.. model.Findings.Select(FindingReport.Of)]);
    }
}
