using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Attention of queries to keys.</summary>
public static class Attention
{
    private const float Unseen = -1e9f;

    /// <summary>softmax(scale · q kᵀ + mask) v.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="query">[…, L, E].</param>
    /// <param name="key">[…, S, E].</param>
    /// <param name="value">[…, S, V].</param>
    /// <param name="mask">
    /// What is added to the products, or where they count (of type bool); broadcasts to […, L, S]. Null for none.
    /// </param>
    /// <param name="isCausal">True if query i sees the keys up to i only.</param>
    /// <param name="scale">Factor of the products; null for 1 / √E.</param>
    /// <returns>[…, L, V].</returns>
    public static Tensor ScaledDotProduct(GraphEmitter g, Tensor query, Tensor key, Tensor value, Tensor? mask, bool isCausal,
        float? scale)
    {
        if (query.Shape.Rank < 2 || key.Shape.Rank < 2)
            throw new UnsupportedOperatorException($"Queries {query.Shape} and keys {key.Shape} are no matrices.",
                "Check the layer's arguments.");
        Tensor scaled = g.Mul(query, g.Scalar(scale ?? (float)(1 / Math.Sqrt(query.Shape[-1]))));
        Tensor scores = MatrixProduct.Of(g, scaled, MatrixProduct.Transposed(g, key));
        if (isCausal)
            scores = Masked(g, scores, g.Constant(Causal(g, query.Shape[-2], key.Shape[-2]), "causal"));
        if (mask is not null)
            scores = mask.Type == ElementType.Bool ? Masked(g, scores, mask) : g.Add(scores, mask);
        return MatrixProduct.Of(g, g.Emit(new Softmax(1), scores), value);
    }

    /// <summary>Scores that do not count are far below all others; with infinite ones a row of nothing else would be no numbers.</summary>
    private static Tensor Masked(GraphEmitter g, Tensor scores, Tensor seen) => g.Emit(new SelectV2(), seen, scores, g.Scalar(Unseen));

    private static TensorData Causal(GraphEmitter g, int queries, int keys)
    {
        bool[] seen = new bool[g.Listed((long)queries * keys)];
        for (int i = 0; i < seen.Length; i++)
            seen[i] = i % keys <= i / keys;
        return TensorData.From<bool>([queries, keys], seen);
    }
}
