namespace EthosU.Graphs;

/// <summary>Recurrent operators (tflite-format 6.4; tflite-kernels 3.12a).</summary>
internal static class RecurrentShapes
{
    public static TensorType Infer(Operator op, Operands x)
    {
        if (op is UnidirectionalSequenceLstm)
        {
            Tensor input = x.Ranked(0, 3), weights = x.Ranked(2, 2), state = x.Ranked(18, 2);
            if (weights.Shape[1] != input.Shape[2])
                throw x.Error($"weights {weights.Shape} do not suit input {input.Shape}");
            return new(input.Type, input.Shape.With(2, state.Shape[1]));
        }

        Tensor features = x.Ranked(0, 2), filters = x.Ranked(1, 2);
        int rank = ((Svdf)op).Rank;
        if (rank < 1 || filters.Shape[0] % rank != 0 || filters.Shape[1] != features.Shape[1])
            throw x.Error($"filters {filters.Shape} do not suit input {features.Shape} and rank {rank}");
        return new(features.Type, [features.Shape[0], filters.Shape[0] / rank]);
    }
}
