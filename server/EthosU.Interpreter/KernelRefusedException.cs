namespace EthosU.Interpreter;

/// <summary>A node that no kernel can run, and why; becomes a finding.</summary>
internal sealed class KernelRefusedException(string reason) : Exception(reason);
