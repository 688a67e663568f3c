namespace EthosU.Npu.Lowering;

/// <summary>
/// Four rectangles of which an operand is put together (npu-commands 5.1), used to repeat an edge row or column when reading.
/// </summary>
/// <param name="Height0">Rows of the upper left rectangle.</param>
/// <param name="Height1">Rows of the upper right rectangle.</param>
/// <param name="Width0">Columns of the left rectangles.</param>
/// <param name="Offset1">Bytes from the tensor's start to the upper right rectangle.</param>
/// <param name="Offset2">Bytes to the lower left rectangle.</param>
/// <param name="Offset3">Bytes to the lower right rectangle.</param>
internal sealed record EdgeTiles(int Height0, int Height1, int Width0, long Offset1, long Offset2, long Offset3);
