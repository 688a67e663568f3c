using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Tensors changed at constant positions.</summary>
public static class Scattering
{
    /// <summary>x outside the positions; at them the updates, or what x and they give together.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The tensor.</param>
    /// <param name="tuples">Index tuples, all different and not negative.</param>
    /// <param name="updates">What is put there.</param>
    /// <param name="reduction">What the two give together.</param>
    /// <exception cref="UnsupportedOperatorException">A position is hit twice.</exception>
    public static Tensor Of(GraphEmitter g, Tensor x, TensorData tuples, Tensor updates, ScatterReduction reduction)
    {
        Tensor positions = g.Constant(tuples, "indices"), shape = g.Integers([.. x.Shape]);
        Tensor values = g.Emit(new ScatterNd(), positions, updates, shape);
        if (HasEqual(tuples))
            throw new UnsupportedOperatorException(
                $"A scatter (reduction '{reduction.ToString().ToLowerInvariant()}') that hits a position twice cannot be expressed.",
                "Use indices that are all different, or a product with a constant matrix.");
        if (reduction == ScatterReduction.Add)
            return g.Add(x, values);
        int[] ones = new int[g.Listed(updates.Shape.ElementCount)];
        ones.AsSpan().Fill(1);
        Tensor written =
            g.Cast(g.Emit(new ScatterNd(), positions, g.Constant(TensorData.From<int>(updates.Shape, ones)), shape), ElementType.Bool);
        Tensor changed = reduction switch
        {
            ScatterReduction.Mul => g.Mul(x, values),
            ScatterReduction.Max => g.Binary(BinaryKind.Maximum, x, values),
            ScatterReduction.Min => g.Binary(BinaryKind.Minimum, x, values),
            _ => values,
        };
        return g.Emit(new SelectV2(), written, changed, x);
    }

    private static bool HasEqual(TensorData tuples)
    {
        int depth = tuples.Shape[-1];
        HashSet<string> seen = [];
        return depth > 0 && !tuples.ToInt32Array().Chunk(depth).All(tuple => seen.Add(string.Join(',', tuple)));
    }
}
