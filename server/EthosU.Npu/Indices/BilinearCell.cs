using EthosU.Arithmetic;

namespace EthosU.Npu.Indices;

/// <summary>
/// Two neighbouring cells that an element of a bilinear result is made of, the second one always behind the first; with an axis of one
/// cell there is no second one.
/// </summary>
/// <param name="Low">The first cell.</param>
/// <param name="Fraction">The weight of the second cell, in parts of <see cref="ResizePositions.Unit"/>.</param>
internal readonly record struct BilinearCell(int Low, int Fraction)
{
    /// <summary>The cells of an axis of a result.</summary>
    public static BilinearCell[] Of(int from, int to, bool alignsCorners, bool isHalfPixel) =>
        [.. ResizePositions.Bilinear(from, to, alignsCorners, isHalfPixel).Select(position =>
            position.Low != position.High ? new BilinearCell(position.Low, position.Fraction)
            : position.Low > 0 && position.Low == from - 1 ? new(position.Low - 1, ResizePositions.Unit)
            : new(position.Low, 0))];

    /// <summary>The runs of the first cells.</summary>
    public static IndexRun[] Runs(BilinearCell[] cells) => IndexRun.Of([.. cells.Select(static cell => cell.Low)]);
}
