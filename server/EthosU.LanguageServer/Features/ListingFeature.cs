using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using EthosU.Pipeline.Compiling;
using StreamJsonRpc;

namespace EthosU.LanguageServer.Features;

/// <summary>Every model as read-only text.</summary>
internal sealed class ListingFeature(Analyzer analyzer)
{
    [JsonRpcMethod("ethosu/listing", UseSingleObjectParameterDeserialization = true)]
    public async Task<ListingResult> ListAsync(ModelParams parameters, CancellationToken cancellation)
    {
        ModelAnalysis analysis = await analyzer.AnalyzeAsync(DocumentUri.ToPath(parameters.Uri), parameters.Target, cancellation)
            .ConfigureAwait(false);
        CompileReport? estimate = await analyzer.TryEstimateAsync(analysis, cancellation).ConfigureAwait(false);
        return new(estimate is null ? analysis.Listing.Text : ModelListing.Write(analysis.Path, analysis.Model!, estimate).Text);
    }
}
