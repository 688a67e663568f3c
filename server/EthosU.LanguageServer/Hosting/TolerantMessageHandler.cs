using System.Text.Json;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace EthosU.LanguageServer.Hosting;

/// <summary>
/// Reads and writes messages with <c>Content-Length</c> headers; a message that is no JSON-RPC is logged and passed over.
/// </summary>
internal sealed class TolerantMessageHandler(Stream output, Stream input, IJsonRpcMessageFormatter formatter, ServerLog log)
    : HeaderDelimitedMessageHandler(output, input, formatter)
{
    /// <inheritdoc/>
    protected override async ValueTask<JsonRpcMessage?> ReadCoreAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await base.ReadCoreAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e)
                when (e is JsonException or System.Runtime.Serialization.SerializationException
                or ArgumentOutOfRangeException { ParamName: "contentLength" }
                or (InvalidOperationException and not ObjectDisposedException))
            {
                log.Error("protocol", $"a message was passed over: {e.Message}");
            }
        }
    }
}
