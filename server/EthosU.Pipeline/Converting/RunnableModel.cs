using System.Collections.Immutable;
using System.Globalization;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.TfLite;

namespace EthosU.Pipeline.Converting;

/// <summary>Files of quantized networks: refused before there is one, if no runtime could run it.</summary>
internal static class RunnableModel
{
    private const string Rule = "convert-not-runnable";

    /// <summary>Asks for a kernel of each operator.</summary>
    /// <exception cref="UnsupportedModelException">There is none for some; all are named, with the scales that they have.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Require(Graph graph, CancellationToken cancellation)
    {
        ImmutableArray<(Node? Node, Finding Problem)> problems = KernelCheck.Find(graph, cancellation);
        if (!problems.IsEmpty)
            throw new UnsupportedModelException([.. problems.Select(static found => Explain(found.Problem, found.Node))]);
    }

    /// <summary>The file's bytes. They are read back: nothing is written that no other command could read.</summary>
    /// <param name="graph">A graph that can run.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="UnsupportedModelException">The format cannot hold it.</exception>
    public static byte[] Write(Graph graph, string path)
    {
        try
        {
            byte[] content = TfLiteWriter.Write(graph);
            _ = TfLiteReader.Read(content, path);
            return content;
        }
        catch (Exception e) when (e is ModelFormatException or InvalidGraphException)
        {
            throw new UnsupportedModelException(
                [new("convert-not-expressible", FindingSeverity.Error,
                    $"A TensorFlow Lite file cannot hold this network ({(e as ModelFormatException)?.Expected ?? e.Message}).",
                "Cut the model where it computes with empty or unusual tensors, or report this with the model.", Source.None)]);
        }
    }

    private static Finding Explain(Finding problem, Node? node)
    {
        string scales = node is null ? ""
            : string.Join(", ", node.Inputs.OfType<Tensor>().Concat(node.Outputs).Where(static tensor => tensor.Quantization is not null)
            .Distinct()
            .Select(static tensor => $"'{tensor.Name}' {Scales(tensor.Quantization!)}"));
        return scales.Length == 0
            ? problem with { RuleId = Rule, Advice = "Express it by other operators in the PyTorch model." }
            : problem with
            {
                RuleId = Rule,
                Reason = $"No runtime could run it in integers. {problem.Reason} The scales are: {scales}.",
                Advice = "Look for constants and weights of extreme size (of 1e9 and more, or of 1e-9 and less) and for values that leave "
                    + "the range of numbers on the calibration data.",
            };
    }

    private static string Scales(Quantization quantization)
    {
        (float low, float high) = (quantization.Scales.Min(), quantization.Scales.Max());
        string text = low.ToString("G4", CultureInfo.InvariantCulture);
        return low == high ? text : $"{text} to {high.ToString("G4", CultureInfo.InvariantCulture)}";
    }
}
