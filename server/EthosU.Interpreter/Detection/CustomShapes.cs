using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Interpreter.Detection;

/// <summary>Shapes of the results of custom operators that the interpreter runs; files often store none, or others.</summary>
public static class CustomShapes
{
    /// <summary>The shapes; null for an operator that is not known, or whose options are damaged.</summary>
    public static ImmutableArray<Shape>? TryInfer(Node node)
    {
        if (node is not { Operator: Custom { CustomCode: DetectionKernels.CustomCode } op, Outputs.Length: 4 })
            return null;
        try
        {
            DetectionOptions options = DetectionOptions.Read(FlexMap.Read(op.Options.Span));
            int room = checked(options.Detections * options.ClassesPerDetection);
            return [[1, room, 4], [1, room], [1, room], [1]];
        }
        catch (Exception e) when (e is InvalidOperationException or OverflowException)
        {
            return null;
        }
    }
}
