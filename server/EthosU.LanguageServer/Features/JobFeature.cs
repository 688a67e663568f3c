using EthosU.Files;
using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using EthosU.Pipeline;
using EthosU.Pipeline.Compiling;
using EthosU.Pipeline.Converting;
using EthosU.Pipeline.Exporting;
using EthosU.Pipeline.Formats;
using StreamJsonRpc;

namespace EthosU.LanguageServer.Features;

/// <summary>Convert, compile and export: they write files beside the model, with the project's settings.</summary>
internal sealed class JobFeature(Analyzer analyzer, DiagnosticsFeature diagnostics, JobRunner jobs, LastResults results,
    AccuracyMeasurement accuracy)
{
    private const string RandomCalibration = "; calibrated on random numbers: name real data in ethosu.json";

    [JsonRpcMethod("ethosu/convert", UseSingleObjectParameterDeserialization = true)]
    public async Task<JobResult> ConvertAsync(JobParams parameters, CancellationToken cancellation)
    {
        string path = DocumentUri.ToPath(parameters.Uri);
        ConvertOptions options = Settings(path, parameters.Target).ConvertOptions(path);
        if (Path.GetFullPath(options.ResultPath) == Path.GetFullPath(path))
            throw new UserErrorException(
                $"{Path.GetFileName(path)} is {ModelFormats.ByName(options.ResultPath)!.Noun} already; {ModelFormats.SourceNames} models "
                    + $"are converted.");
        if (Question(parameters, options.ResultPath, cancellation) is { } question)
            return question;
        ConvertReport report = await jobs.RunAsync(parameters.WorkDoneToken, $"Converting {Path.GetFileName(path)}",
            (progress, stop) => ConvertJob.Run(options, progress, stop), cancellation).ConfigureAwait(false);
        string size = Figures.Bytes(report.Bytes ?? 0);
        string calibrated = report.Calibration is { Data: null } ? RandomCalibration : "";
        results.Set(path, $"{report.Precision}, {size}{(calibrated.Length > 0 ? ", random calibration" : "")}");
        accuracy.Start(options);
        return Done(options.ResultPath,
            $"{Path.GetFileName(options.ResultPath)}: {report.Precision}, {size}, "
                + $"{Figures.Operators(report.OperatorCounts.Sum(count => count.Count))}{calibrated}.");
    }

    [JsonRpcMethod("ethosu/compile", UseSingleObjectParameterDeserialization = true)]
    public async Task<JobResult> CompileAsync(JobParams parameters, CancellationToken cancellation)
    {
        string path = DocumentUri.ToPath(parameters.Uri);
        ProjectSettings settings = Settings(path, parameters.Target);
        settings.RequireTarget();
        CompileJobOptions options =
            new() { ModelPath = path, Target = settings.Target, Goal = settings.Goal, Conversion =
            settings.ConvertOptions(path) };
        if (Question(parameters, options.ResultPath, cancellation) is { } question)
            return question;
        CompileReport report =
            await jobs.RunAsync(parameters.WorkDoneToken, $"Compiling {Path.GetFileName(path)} for {settings.Target.Accelerator}",
            (progress, stop) => CompileJob.Run(options, progress, stop), cancellation).ConfigureAwait(false);
        // The report that opens now, and whatever else is said of the model, is of this file.
        analyzer.Remember(await analyzer.AnalyzeAsync(path, parameters.Target, cancellation).ConfigureAwait(false), report);
        string summary = Figures.Summary(report);
        string calibrated = report.Calibration is { Data: null } ? RandomCalibration : "";
        results.Set(path, $"{settings.Target.Accelerator}: {summary}{(calibrated.Length > 0 ? ", random calibration" : "")}");
        return Done(options.ResultPath, $"{Path.GetFileName(options.ResultPath)}: {summary}{calibrated}.");
    }

    [JsonRpcMethod("ethosu/exportC", UseSingleObjectParameterDeserialization = true)]
    public async Task<JobResult> ExportAsync(JobParams parameters, CancellationToken cancellation)
    {
        string path = DocumentUri.ToPath(parameters.Uri);
        Settings(path, null);
        if (ModelFormats.ByName(path) is { NeedsConversion: true } format)
            throw new UserErrorException(
                $"{Path.GetFileName(path)} is {format.Noun}; convert or compile it first, then export the .tflite file.");
        foreach (string file in ExportJob.FilesOf(new() { ModelPath = path }))
            if (Question(parameters, file, cancellation) is { } question)
                return question;
        ExportReport report = await jobs.RunAsync(parameters.WorkDoneToken, $"Exporting {Path.GetFileName(path)}",
            (progress, stop) => ExportJob.Run(new() { ModelPath = path }, progress, stop), cancellation).ConfigureAwait(false);
        return new([DocumentUri.FromPath(report.HeaderPath), DocumentUri.FromPath(report.SourcePath)],
            $"{Path.GetFileName(report.SourcePath)}: {Figures.Bytes(report.ModelBytes)} of model, "
                + $"{Figures.Operators(report.Operators.Length)} to resolve, arena of at least {Figures.Bytes(report.ArenaBytes)}.");
    }

    private ProjectSettings Settings(string path, string? target)
    {
        if (!InputFile.Exists(path))
            throw new UserErrorException($"{path} does not exist.");
        return analyzer.SettingsOf(path).WithAccelerator(target);
    }

    private static JobResult? Question(JobParams parameters, string file, CancellationToken cancellation) =>
        parameters.Overwrite || OwnFiles.MayReplace(file, cancellation) ? null
            : new([], "", $"{Path.GetFileName(file)} is there already and was not made by Ethos-U Bridge. Replace it?");

    private JobResult Done(string file, string message)
    {
        diagnostics.Check(file);
        diagnostics.RefreshLenses();
        return new([DocumentUri.FromPath(file)], message);
    }
}
