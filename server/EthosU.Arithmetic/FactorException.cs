namespace EthosU.Arithmetic;

/// <summary>A quotient of scales for which the kernels have no multiplier; the message says why, as a sentence about a node.</summary>
/// <param name="reason">The sentence.</param>
public sealed class FactorException(string reason) : ArithmeticException(reason);
