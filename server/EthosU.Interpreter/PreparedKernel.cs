namespace EthosU.Interpreter;

/// <summary>A node's kernel with everything that does not depend on the sample computed already.</summary>
/// <param name="Run">Computes the results. Called by several threads at once, each with its own frame.</param>
/// <param name="ScratchBytes">Scratch that it needs.</param>
internal sealed record PreparedKernel(Action<Frame> Run, int ScratchBytes = 0);
