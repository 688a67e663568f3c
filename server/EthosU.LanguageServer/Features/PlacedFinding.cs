using EthosU.Graphs;

namespace EthosU.LanguageServer.Features;

/// <summary>A finding and where it stands.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Uri">The document: a Python file, or the model's listing.</param>
/// <param name="Line">The line in it, from 0.</param>
/// <param name="Scope">The Python class around the line; empty outside of classes, null in a listing.</param>
/// <param name="ListingLine">The operator's line in the model's listing, from 0.</param>
internal sealed record PlacedFinding(Finding Finding, string Uri, int Line, string? Scope, int ListingLine)
{
    /// <summary>The column at which the code on the line begins, from 0.</summary>
    public int Column { get; init; }

    /// <summary>True if the script has changed since the export, so that the line may be another.</summary>
    public bool MayHaveMoved { get; init; }
}
