namespace EthosU.Torch.Import;

/// <summary>A value that is missing because the node that computes it was refused already.</summary>
internal sealed class FailedValueException : Exception;
