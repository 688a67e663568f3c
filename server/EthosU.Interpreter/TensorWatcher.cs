using EthosU.Graphs;

namespace EthosU.Interpreter;

/// <summary>Sees the value that a node has just computed.</summary>
/// <param name="tensor">The tensor.</param>
/// <param name="bytes">Its elements, little-endian; the memory is used again after the call.</param>
public delegate void TensorWatcher(Tensor tensor, ReadOnlySpan<byte> bytes);
