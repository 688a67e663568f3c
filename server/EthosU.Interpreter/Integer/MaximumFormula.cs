using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Integer;

/// <summary>MAXIMUM, of stored values.</summary>
internal readonly struct MaximumFormula : IBinaryFormula
{
    public int Apply(int x, int y) => Math.Max(x, y);
}
