using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EthosU.Graphs;
using EthosU.LanguageServer.Protocol;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace EthosU.LanguageServer.Hosting;

/// <summary>
/// The boundary to StreamJsonRpc: JSON-RPC in the Language Server Protocol's framing over two streams, with the protocol's
/// life cycle and with errors that a user can read.
/// </summary>
internal sealed class LspConnection : JsonRpc
{
    private const int ServerNotInitialized = -32002;
    private const int InvalidRequest = -32600;
    private const int RequestFailed = -32803;

    private readonly ServerLog log;

    /// <summary>Makes a connection; <see cref="JsonRpc.StartListening"/> starts it.</summary>
    public LspConnection(Stream input, Stream output, ServerLog log, IEnumerable<IJsonTypeInfoResolver> types)
        : base(new TolerantMessageHandler(output, input, MakeFormatter(types), log))
    {
        this.log = log;
        CancelLocallyInvokedMethodsWhenConnectionIsClosed = true;
        ExceptionStrategy = ExceptionProcessing.CommonErrorData;
    }

    /// <summary>Where the connection stands.</summary>
    public Phase Phase { get; set; }

    /// <inheritdoc/>
    protected override async ValueTask<JsonRpcMessage> DispatchRequestAsync(JsonRpcRequest request, TargetMethod targetMethod,
        CancellationToken cancellationToken)
    {
        if (Refusal(request.Method) is { } refusal)
            return request.IsResponseExpected ? Fail(request, refusal.Code, refusal.Message)
                : new JsonRpcResult { RequestId = request.RequestId };
        JsonRpcMessage answer = await base.DispatchRequestAsync(request, targetMethod, cancellationToken).ConfigureAwait(false);
        if (answer is JsonRpcError { Error: { } error } && !request.IsResponseExpected)
            log.Error($"notification {request.Method}", error.Message ?? "failed");
        return answer;
    }

    /// <inheritdoc/>
    protected override JsonRpcError.ErrorDetail CreateErrorDetails(JsonRpcRequest request, Exception exception)
    {
        Exception cause = exception is System.Reflection.TargetInvocationException { InnerException: { } inner } ? inner : exception;
        return cause switch
        {
            OperationCanceledException => new() { Code = (JsonRpcErrorCode)(-32800), Message = "The request was cancelled." },
            UnsupportedModelException refused => new()
            {
                Code = (JsonRpcErrorCode)RequestFailed,
                Message = EditorText.Notice(refused.Message),
                Data = new RefusalData(
                    [.. refused.Findings.Select(static finding => finding.OpenSize).OfType<string>().Distinct(StringComparer.Ordinal)]),
            },
            ModelFormatException or IOException or UnauthorizedAccessException or UserErrorException
                => new() { Code = (JsonRpcErrorCode)RequestFailed, Message = EditorText.Notice(cause.Message) },
            JsonException or RpcArgumentDeserializationException
                => new() { Code = JsonRpcErrorCode.InvalidParams, Message =
                EditorText.Notice($"{request.Method} was asked with parameters that it does not take: {cause.Message}") },
            LocalRpcException => base.CreateErrorDetails(request, exception),
            _ => new() { Code = JsonRpcErrorCode.InternalError, Message =
                EditorText.Notice(
                $"{request.Method} failed by an error in the engine ({cause.GetType().Name}: {cause.Message}). The log has the details "
                    + $"under {log.Bug(request.Method ?? "", cause)}.") },
        };
    }

    private (int Code, string Message)? Refusal(string? method) => (Phase, method) switch
    {
        (_, "exit") => null,
        (Phase.Created, not "initialize") => (ServerNotInitialized, "The server is not initialized yet."),
        (Phase.Running, "initialize") => (InvalidRequest, "The server is initialized already."),
        (Phase.ShutDown, _) => (InvalidRequest, "The server is shut down."),
        _ => null,
    };

    private static JsonRpcError Fail(JsonRpcRequest request, int code, string message) => new()
    {
        RequestId = request.RequestId,
        Error = new JsonRpcError.ErrorDetail { Code = (JsonRpcErrorCode)code, Message = message },
    };

    private static SystemTextJsonFormatter MakeFormatter(IEnumerable<IJsonTypeInfoResolver> types)
    {
        SystemTextJsonFormatter formatter = new();
        // The formatter's own few types (errors, cancellation) are not in the generated contexts.
        formatter.JsonSerializerOptions = new JsonSerializerOptions(ProtocolJson.Default.Options)
        {
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            TypeInfoResolver = JsonTypeInfoResolver.Combine([ProtocolJson.Default, .. types, new DefaultJsonTypeInfoResolver()]),
        };
        return formatter;
    }
}
