using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Integer;

/// <summary>MINIMUM, of stored values.</summary>
internal readonly struct MinimumFormula : IBinaryFormula
{
    public int Apply(int x, int y) => Math.Min(x, y);
}
