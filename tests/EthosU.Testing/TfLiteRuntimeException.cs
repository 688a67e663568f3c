namespace EthosU.Testing;

/// <summary>A runtime refuses a model or its inputs, or complains while it runs.</summary>
public sealed class TfLiteRuntimeException(string runtime, string message) : Exception($"{runtime}: {message}");
