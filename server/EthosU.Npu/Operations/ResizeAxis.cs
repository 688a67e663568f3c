namespace EthosU.Npu.Operations;

/// <summary>The way along an axis from an output's position to the input's: (position × Step + Offset) / Numerator (npu-u85 4.9).</summary>
/// <param name="Numerator">Parts of an element of the input.</param>
/// <param name="Step">Parts from a position to the next.</param>
/// <param name="Offset">Parts before the first position.</param>
/// <param name="BlockStep">Parts from the first to the last position of a block.</param>
public readonly record struct ResizeAxis(int Numerator, long Step, int Offset, long BlockStep);
