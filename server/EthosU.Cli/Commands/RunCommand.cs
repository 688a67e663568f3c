using System.CommandLine;
using EthosU.Cli.Output;
using EthosU.Pipeline.Running;
using Spectre.Console;

namespace EthosU.Cli.Commands;

/// <summary><c>ethosu run</c>.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Argument<string> model = new("MODEL") { Description = "The TensorFlow Lite model (.tflite)." };
        Option<string[]> input =
            new("--input", "-i") { Description =
            "An array for an input, in the model's order and of its type: a .npy file, or FILE.npz:NAME. Once for each input.", HelpName =
            "ARRAY", Required = true };
        Option<string> output =
            new("--output", "-o") { Description = "Outputs go to PREFIX_0.npy, PREFIX_1.npy and so on.", HelpName =
            "PREFIX", DefaultValueFactory = static _ => "output" };
        Option<bool> samples =
            new("--samples") { Description = "The arrays hold samples, stacked along a leading axis; so will the outputs." };
        Option<bool> sequence =
            new("--sequence") { Description =
            "The arrays hold the samples of one sequence, stacked along a leading axis: the model's state (variables, recurrent tensors) "
                + "is kept from sample to sample. Without it each sample starts anew." };
        Option<bool> quiet = new("--quiet", "-q") { Description = "Say nothing but errors." };
        Command command =
            new("run", "Runs a model with the results of TensorFlow Lite Micro, byte for byte, and writes its outputs as NumPy arrays. The "
                + "ethos-u operators of a compiled model run in a simulator of the NPU.")
        {
            model, input, output, samples, sequence, quiet,
        };
        command.SetWork(quiet, (result, context) =>
        {
            RunOptions options = new()
            {
                ModelPath = result.GetRequiredValue(model),
                Inputs = [.. result.GetRequiredValue(input)],
                OutputPrefix = result.GetRequiredValue(output),
                Stacked = result.GetValue(samples) || result.GetValue(sequence),
                IsSequence = result.GetValue(sequence),
            };
            RunReport report = context.WithProgress(progress => RunJob.Run(options, progress, context.Cancellation));
            if (!context.Quiet)
                Write(context.Output, report);
            if (report.Violations.IsEmpty)
                return ExitCodes.Done;
            foreach (string violation in report.Violations)
                context.Error.WriteLine($"error: {violation}");
            context.Error.WriteLine(
                $"error: the compiled model breaks {(report.Violations.Length == 1 ? "a rule" : "rules")} of the NPU: on hardware its "
                    + $"results may differ from those of the simulator. "
                + "The simulator's outputs are written, but do not rely on them; compile the model again, with ethosu compile.");
            return ExitCodes.Refused;
        });
        return command;
    }

    private static void Write(TextWriter writer, RunReport report)
    {
        writer.WriteLine($"{report.Samples} {(report.Samples == 1 ? "sample" : "samples")} run");
        Table table = Tables.Create("file", "output", "type", "quantization");
        for (int i = 0; i < report.Files.Length; i++)
            table.Add(report.Files[i], report.Outputs[i].Name, TensorText.TypeAndShape(report.Outputs[i]),
                TensorText.Quantization(report.Outputs[i]));
        Tables.Write(writer, table);
    }
}
