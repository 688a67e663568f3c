namespace EthosU.Npu.Weights;

/// <summary>A slice: a run of coded weights with the same parameters (npu-weights 2.3).</summary>
/// <param name="Start">First coded weight, counted from the section's start.</param>
/// <param name="Count">Coded weights.</param>
/// <param name="Coding">Number of the way in which indices are coded; see <see cref="IndexCoding"/>.</param>
/// <param name="ZeroDivisor">Rice parameter of zero runs; 0 where there are none.</param>
internal readonly record struct SliceCoding(int Start, int Count, int Coding, int ZeroDivisor);
