namespace EthosU.LanguageServer.Hosting;

/// <summary>A text that is open in the editor, as it stands there.</summary>
internal sealed record OpenText(string Uri, string LanguageId, string Text);
