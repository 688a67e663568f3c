using System.Globalization;

namespace EthosU.Interpreter.Detection;

/// <summary>Options of TFLite_Detection_PostProcess.</summary>
/// <param name="Detections">Most boxes that are kept.</param>
/// <param name="ClassesPerDetection">Classes that each box gives, where suppression is over all classes together.</param>
/// <param name="DetectionsPerClass">Most boxes of one class, where suppression is class by class.</param>
/// <param name="PerClass">Suppression class by class.</param>
/// <param name="ScoreThreshold">Boxes below it are left out.</param>
/// <param name="OverlapThreshold">Boxes that overlap a better one by more are left out.</param>
/// <param name="Classes">Number of classes, without background.</param>
/// <param name="ScaleY">Divisor of the encoded centre.</param>
/// <param name="ScaleX">Divisor of the encoded centre.</param>
/// <param name="ScaleHeight">Divisor of the encoded height.</param>
/// <param name="ScaleWidth">Divisor of the encoded width.</param>
internal sealed record DetectionOptions(int Detections, int ClassesPerDetection, int DetectionsPerClass, bool PerClass,
    float ScoreThreshold, float OverlapThreshold,
    int Classes, float ScaleY, float ScaleX, float ScaleHeight, float ScaleWidth)
{
    private const int UsualDetectionsPerClass = 100, MaxCount = 1 << 20;

    /// <summary>Takes the options from their map.</summary>
    /// <exception cref="InvalidOperationException">One is missing or makes no sense.</exception>
    public static DetectionOptions Read(Dictionary<string, double> map) => new(
        Count(map, "max_detections"), Count(map, "max_classes_per_detection"), map.ContainsKey("detections_per_class")
            ? Count(map, "detections_per_class") : UsualDetectionsPerClass,
        map.GetValueOrDefault("use_regular_nms") != 0, Real(map, "nms_score_threshold"), Real(map, "nms_iou_threshold"),
        Count(map, "num_classes"),
        Scale(map, "y_scale"), Scale(map, "x_scale"), Scale(map, "h_scale"), Scale(map, "w_scale"));

    private static int Count(Dictionary<string, double> map, string name) =>
        Number(map, name) is >= 1 and <= MaxCount and var number ? (int)number : throw Wrong(map, name);

    private static float Real(Dictionary<string, double> map, string name) =>
        Number(map, name) is var number && double.IsFinite(number) ? (float)number : throw Wrong(map, name);

    private static float Scale(Dictionary<string, double> map, string name) =>
        Real(map, name) is > 0 and var scale ? scale : throw Wrong(map, name);

    private static double Number(Dictionary<string, double> map, string name) =>
        map.TryGetValue(name, out double number) ? number : throw new InvalidOperationException($"its option {name} is missing");

    private static InvalidOperationException Wrong(Dictionary<string, double> map, string name) =>
        new($"its option {name} is {map[name].ToString(CultureInfo.InvariantCulture)}");
}
