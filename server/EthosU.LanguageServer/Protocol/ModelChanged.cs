namespace EthosU.LanguageServer.Protocol;

// Beyond the Language Server Protocol; the client has the same type in protocol.ts.

/// <summary>What was told of a model is no longer true.</summary>
internal sealed record ModelChangedParams(string Uri);
