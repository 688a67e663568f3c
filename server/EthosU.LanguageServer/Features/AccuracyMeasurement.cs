using System.Collections.Concurrent;
using EthosU.Graphs;
using EthosU.LanguageServer.Hosting;
using EthosU.Pipeline;
using EthosU.Pipeline.Accuracy;
using EthosU.Pipeline.Converting;

namespace EthosU.LanguageServer.Features;

/// <summary>Compares converted models with their sources in the background, where there are data to do it on.</summary>
internal sealed class AccuracyMeasurement(Client client, DiagnosticsFeature diagnostics, LastResults results, ServerLog log) : IDisposable
{
    private const int Samples = 16;

    private readonly ConcurrentDictionary<string, CancellationTokenSource> running = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopped = new();
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Starts a measurement; one of an older conversion of the model is given up.</summary>
    public void Start(ConvertOptions conversion)
    {
        string model = conversion.ModelPath, converted = conversion.ResultPath;
        results.ForgetAccuracy(model, converted);
        CancellationTokenSource mine = CancellationTokenSource.CreateLinkedTokenSource(stopped.Token);
        running.AddOrUpdate(model, mine, (_, old) =>
        {
            old.Cancel();
            return mine;
        });
        if (conversion.Calibration.Path is not null && conversion.Quantization.Precision != Quantize.Precision.Float32)
            _ = Task.Run(() => MeasureAsync(conversion, model, converted, mine), CancellationToken.None);
    }

    private async Task MeasureAsync(ConvertOptions conversion, string model, string converted, CancellationTokenSource mine)
    {
        try
        {
            await turn.WaitAsync(mine.Token).ConfigureAwait(false);
            try
            {
                DataSet data = conversion.Calibration with { Samples = Math.Min(Samples, conversion.Calibration.Samples ?? Samples) };
                AccuracyJobReport report =
                    AccuracyJob.Run(new() { ModelPath = model, QuantizedPath = converted, Data = data }, null, mine.Token);
                mine.Token.ThrowIfCancellationRequested();
                results.SetAccuracy(model, converted, report);
            }
            finally
            {
                turn.Release();
            }
            diagnostics.RefreshLenses();
            await client.ModelChangedAsync(DocumentUri.FromPath(model)).ConfigureAwait(false);
            await client.ModelChangedAsync(DocumentUri.FromPath(converted)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A newer conversion is measured, or the server ends.
        }
        catch (Exception e) when (e is ModelFormatException or UnsupportedModelException or IOException)
        {
            log.Error($"accuracy of {model}", e.Message);
        }
        catch (Exception e)
        {
            log.Bug($"accuracy of {model}", e);
        }
        finally
        {
            running.TryRemove(new(model, mine));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stopped.Cancel();
        stopped.Dispose();
    }
}
