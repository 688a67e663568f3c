using System.CommandLine;
using System.Globalization;
using EthosU.Optimize;
using EthosU.Pipeline.Converting;
using EthosU.Quantize;
using EthosU.Quantize.Calibration;
using EthosU.Quantize.Ranges;
using EthosU.Quantize.Search;

namespace EthosU.Cli;

/// <summary>The options that say how a model is converted, common to the commands that take one.</summary>
internal sealed class ConvertArguments
{
    private readonly Option<string?> calibration =
        new("--calibration") { Description =
        "Representative data: a .npz or .npy file, or a folder of .npy files or of PNG, JPEG or BMP images. Without it random numbers are "
            + "used, and accuracy is not to be trusted.", HelpName = "PATH" };
    private readonly Option<string> precision =
        Choice("--precision", "int8; int16x8 (16-bit activations, 8-bit weights); or float32 (no quantization).", "int8", "int16x8",
        "float32");
    private readonly Option<string?> method =
        new("--method") { Description =
        $"How the range of a tensor is chosen from its values. Default: {new CalibrationOptions().Method.ToString().ToLowerInvariant()}." };
    private readonly Option<double?> percentile =
        new("--percentile") { Description = "For --method percentile: the share of values inside the range, in percent. Default: 99.99.",
        HelpName = "P" };
    private readonly Option<string> inputLayout =
        Choice("--input-layout", "Order of axes of image inputs; nchw keeps PyTorch's at the cost of a transpose.", "nhwc", "nchw");
    private readonly Option<string> outputLayout = Choice("--output-layout", "Order of axes of image outputs.", "nhwc", "nchw");
    private readonly Option<string> io =
        Choice("--io", "Type of inputs and outputs of a quantized model; int8 stands for int16 in an int16x8 model.", "int8", "float32");
    private readonly Option<bool?> equalize =
        new("--equalize") { Description =
        "Balance weights between layers before they are quantized, for depthwise networks (true or false).", HelpName = "BOOL" };
    private readonly Option<bool?> correctBias =
        new("--correct-bias") { Description = "Correct biases by the mean error of rounded weights (true or false).", HelpName = "BOOL" };
    private readonly Option<string> effort =
        Choice("--effort", "What is done for accuracy. normal: weights of layers with 16-bit activations are rounded for the sake of what "
            + "they add up to on the calibration data; best: those of all layers, in more time; fast: each becomes the nearest integer.",
            "normal", "fast", "best");
    private readonly Option<string[]> int16 =
        new("--int16-layer") { Description =
        "A layer that computes with 16-bit activations in an int8 model, by its name in the model; may be repeated.", HelpName =
        "NAME" };
    private readonly Option<string?> slowdown =
        new("--max-slowdown") { Description = "Move layers to 16-bit activations, those first that gain most for their cycles, as long as "
            + "the network takes at most so much longer on the NPU.", HelpName = "PERCENT" };
    private readonly Option<double?> sqnr =
        new("--target-sqnr") { Description = "Move layers to 16-bit activations until the outputs reach this signal to noise ratio, in dB, "
            + "on the calibration data.", HelpName = "DB" };
    private readonly SizeArguments sizes;
    private readonly DataArguments data;

    public ConvertArguments(Command command)
    {
        method.AcceptOnlyFromAmong("minmax", "percentile", "entropy", "mse");
        command.Add(calibration);
        data = new(command);
        foreach (Option option in Own)
            command.Add(option);
        sizes = new(command);
    }

    private Option[] Own => [precision, method, percentile, inputLayout, outputLayout, io, effort, equalize, correctBias, int16, slowdown,
        sqnr];

    /// <summary>The conversion that the arguments describe.</summary>
    /// <exception cref="UsageException">A number is out of its bounds.</exception>
    /// <exception cref="FormatException">A list is malformed.</exception>
    public ConvertOptions Read(ParseResult result, string model)
    {
        CalibrationOptions ranges = new();
        QuantizeOptions quantization = new();
        ConvertOptions options = new()
        {
            ModelPath = model,
            BatchSize = sizes.Batch(result),
            Sizes = sizes.Sizes(result),
            InputLayout = Layout(result.GetRequiredValue(inputLayout)),
            OutputLayout = Layout(result.GetRequiredValue(outputLayout)),
            Calibration = data.Read(result, result.GetValue(calibration)),
            Ranges = ranges with
            {
                Method = result.GetValue(method) is { } name ? Enum.Parse<RangeMethod>(name, ignoreCase: true) : ranges.Method,
                Percentile = result.GetValue(percentile) ?? ranges.Percentile,
            },
            Quantization = quantization with
            {
                Precision = Enum.Parse<Precision>(result.GetRequiredValue(precision), ignoreCase: true),
                Effort = Enum.Parse<Effort>(result.GetRequiredValue(effort), ignoreCase: true),
                Io = result.GetValue(io) == "float32" ? EdgeType.Float32 : EdgeType.Quantized,
                Equalize = result.GetValue(equalize) ?? quantization.Equalize,
                CorrectBias = result.GetValue(correctBias) ?? quantization.CorrectBias,
                Int16Layers = [.. result.GetValue(int16) ?? []],
            },
            Mixed = Goal(result),
        };
        if (options.Ranges.Percentile is not (> 50 and <= 100))
            throw new UsageException("--percentile must be above 50 and at most 100");
        return options;
    }

    private MixedGoal? Goal(ParseResult result)
    {
        (string? percent, double? decibels) = (result.GetValue(slowdown), result.GetValue(sqnr));
        if (percent is null && decibels is null)
            return null;
        double? share = percent is null ? null
            : double.TryParse(percent.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && value is >= 0 and <= 1000 ? value / 100
            : throw new UsageException($"--max-slowdown takes percent, such as 15%, not '{percent}'");
        if (decibels is not (null or (> 0 and <= 150)))
            throw new UsageException("--target-sqnr must be above 0 and at most 150");
        if (result.GetRequiredValue(precision) != "int8")
            throw new UsageException("--max-slowdown and --target-sqnr are for --precision int8");
        return new(share, decibels);
    }

    private static Option<string> Choice(string name, string description, params string[] values)
    {
        Option<string> option = new(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    private static DataLayout Layout(string name) => name == "nchw" ? DataLayout.Nchw : DataLayout.Nhwc;
}
