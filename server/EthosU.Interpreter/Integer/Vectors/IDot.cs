using System.Runtime.Intrinsics;

namespace EthosU.Interpreter.Integer;

/// <summary>
/// A step of eight scalar products at once. Each 32-bit lane holds neighbours along the depth: four bytes or two 16-bit integers.
/// Sums wrap at 32 bits and are otherwise exact.
/// </summary>
internal interface IDot
{
    /// <summary>In each lane, <paramref name="sum"/> plus the products of the lane's values.</summary>
    static abstract Vector256<int> Add(Vector256<int> sum, Vector256<int> activations, Vector256<int> weights);
}
