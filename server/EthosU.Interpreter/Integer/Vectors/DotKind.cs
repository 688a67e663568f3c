namespace EthosU.Interpreter.Integer;

/// <summary>Which <see cref="IDot"/> computes scalar products.</summary>
internal enum DotKind
{
    AvxVnniBytes,
    AvxVnniPairs,
    Avx2Pairs,
    ArmBytes,
    PortablePairs,
}
