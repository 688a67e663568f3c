using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;
using EthosU.Torch.Import;

namespace EthosU.Torch.Operators;

/// <summary>Attention.</summary>
internal static class AttentionImport
{
    private const string Arguments =
        "query, key, value, attn_mask=None, dropout_p=0, is_causal=False, *, scale=None, enable_gqa=False";

    private const float Unseen = -1e9f;

    public static IEnumerable<OperatorImporter> Operators =>
    [
        new("aten.scaled_dot_product_attention.default", Arguments, static c => c.Result(Attend(c, "dropout_p"))),
        new("aten._scaled_dot_product_flash_attention_for_cpu.default",
            "query, key, value, dropout_p=0, is_causal=False, *, attn_mask=None, scale=None, enable_gqa=False", static c =>
            {
                c.Result(Attend(c, "dropout_p"));
                c.NoResult();
            }),
    ];

    private static Tensor Attend(ProgramContext c, string dropout)
    {
        if (c.Double(dropout) > 0)
            throw Refusals.Training("attention with dropout");
        Tensor query = c.Real("query"), key = c.Real("key"), value = c.Real("value");
        if (c.Flag("enable_gqa"))
            (key, value) = (Repeated(c, key, query), Repeated(c, value, query));
        Tensor? mask = c.TryTensor("attn_mask");
        if (mask is not null && mask.Type != ElementType.Bool)
            mask = Bounded(c, c.Cast(mask, ElementType.Float32));
        return Attention.ScaledDotProduct(c, query, key, value, mask, c.Flag("is_causal"), (float?)c.TryDouble("scale"));
    }

    /// <summary>Heads of keys and values, each for several of queries.</summary>
    private static Tensor Repeated(ProgramContext c, Tensor x, Tensor query)
    {
        int rank = x.Shape.Rank, axis = rank - 3;
        if (axis < 0 || query.Shape.Rank != rank || x.Shape[axis] < 1 || query.Shape[axis] % x.Shape[axis] != 0)
            throw new UnsupportedOperatorException($"The heads of {x.Shape} do not suit those of {query.Shape}.",
                "Check the layer's arguments.");
        return Movement.RepeatEach(c, x, axis, query.Shape[axis] / x.Shape[axis]);
    }

    /// <summary>Infinite numbers of a constant mask are far below all others: nothing else can be quantized.</summary>
    private static Tensor Bounded(ProgramContext c, Tensor mask)
    {
        if (mask.Data is not { } data || data.AsSpan<float>().IndexOf(float.NegativeInfinity) < 0)
            return mask;
        float[] bounded = Array.ConvertAll(data.ToFloatArray(), static v => Math.Max(v, Unseen));
        return c.Constant(TensorData.From<float>(data.Shape, bounded), "mask");
    }
}
