namespace EthosU.Arithmetic;

/// <summary>Neighbouring cells of an input and the distance from the lower one, in parts of <see cref="ResizePositions.Unit"/>.</summary>
/// <param name="Low">The cell at or before the position.</param>
/// <param name="High">The cell at or behind it; the same one at the edges and where the position is a cell's.</param>
/// <param name="Fraction">The distance from the lower cell; beyond an edge it is of no account.</param>
public readonly record struct BilinearPosition(int Low, int High, int Fraction);
