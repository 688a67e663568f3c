namespace EthosU.Interpreter.Geometry;

/// <summary>A function of two stored integers. Structs implement it, so that loops are compiled for each.</summary>
internal interface IBinaryFormula
{
    int Apply(int x, int y);
}
