using System.CommandLine;
using EthosU.Pipeline;
using EthosU.Quantize.Data;

namespace EthosU.Cli;

/// <summary>The options that say how a data set is read, common to the commands that take one.</summary>
internal sealed class DataArguments
{
    private readonly Option<int?> samples = new("--samples") { Description = "Use at most so many samples.", HelpName = "N" };
    private readonly Option<string?> scale =
        new("--scale") { Description =
        "Factor of stored values, a number or a fraction such as 1/255; one, or one per channel: 1,0.5,2. The model gets (stored x scale - "
            + "mean) / std. Default: 1.", HelpName = "LIST" };
    private readonly Option<string?> mean =
        new("--mean") { Description = "Subtracted after scaling; one number, or one per channel: 0.485,0.456,0.406. Default: 0.", HelpName =
        "LIST" };
    private readonly Option<string?> std =
        new("--std") { Description = "Divisor after that; one number, or one per channel. Default: 1.", HelpName = "LIST" };
    private readonly Option<string?> layout =
        new("--data-layout") { Description = "Order of axes of stored images, nchw or nhwc. Default: recognised from their shape." };
    private readonly Option<bool> bgr = new("--bgr") { Description = "Image files are given to the model as blue, green, red." };

    public DataArguments(Command command)
    {
        layout.AcceptOnlyFromAmong("nchw", "nhwc");
        samples.Validators.Add(static result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int number) && number < 1)
                result.AddError("--samples must be at least 1.");
        });
        foreach (Option option in new Option[] { samples, scale, mean, std, layout, bgr })
            command.Add(option);
    }

    /// <summary>The data set that the arguments describe.</summary>
    /// <exception cref="FormatException">A list is malformed.</exception>
    public DataSet Read(ParseResult result, string? path, string? labels = null) => new()
    {
        Path = path,
        Samples = result.GetValue(samples),
        Preprocessing = Preprocessing.Parse(result.GetValue(scale), result.GetValue(mean), result.GetValue(std)),
        Options = new()
        {
            Layout = result.GetValue(layout) switch { "nchw" => SampleLayout.ChannelsFirst, "nhwc" => SampleLayout.ChannelsLast, _ =>
                null },
            Labels = labels,
            BlueFirst = result.GetValue(bgr),
        },
    };
}
