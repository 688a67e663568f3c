namespace EthosU.Onnx;

/// <summary>A node that cannot be expressed; becomes a finding, and the import goes on to find the others.</summary>
internal sealed class UnsupportedNodeException(string reason, string advice) : Exception(reason)
{
    public string Advice { get; } = advice;
}
