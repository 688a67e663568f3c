using EthosU.Graphs;

namespace EthosU.Quantize.Accuracy;

/// <summary>Counts right answers of both models.</summary>
internal sealed class Classification(int classes)
{
    private int samples, labelled, strange, strangest, agree, floatTop1, quantizedTop1, floatTop5, quantizedTop5;

    public double Agreement => Share(agree, samples);

    public double? FloatTop1 => labelled == 0 ? null : Share(floatTop1, labelled);

    public double? QuantizedTop1 => labelled == 0 ? null : Share(quantizedTop1, labelled);

    public double? FloatTop5 => labelled == 0 || classes <= 5 ? null : Share(floatTop5, labelled);

    public double? QuantizedTop5 => labelled == 0 || classes <= 5 ? null : Share(quantizedTop5, labelled);

    /// <summary>Says that labels are no class of the model; null if all are.</summary>
    public Finding? Problem => strange == 0 ? null : new("accuracy-labels", FindingSeverity.Warning,
        $"{strange} of {labelled + strange} labels are not counted: they are no class of the model, such as {strangest}; its classes are 0 "
            + $"to {classes - 1}.",
        "Check that the labels start at 0, and that they belong to this model.", Source.None);

    public void Add(ReadOnlySpan<float> real, ReadOnlySpan<float> quantized, int? label)
    {
        samples++;
        agree += Best(real) == Best(quantized) ? 1 : 0;
        if (label is not { } right)
            return;
        if (right < 0 || right >= classes)
        {
            (strange, strangest) = (strange + 1, right);
            return;
        }
        labelled++;
        floatTop1 += Rank(real, right) < 1 ? 1 : 0;
        quantizedTop1 += Rank(quantized, right) < 1 ? 1 : 0;
        floatTop5 += Rank(real, right) < 5 ? 1 : 0;
        quantizedTop5 += Rank(quantized, right) < 5 ? 1 : 0;
    }

    private static double Share(int part, int all) => all == 0 ? 0 : (double)part / all;

    private static int Best(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
            if (values[i] > values[best])
                best = i;
        return best;
    }

    /// <summary>How many classes come before this one; of equal values the first class comes first, as ARG_MAX has it.</summary>
    private static int Rank(ReadOnlySpan<float> values, int index)
    {
        int before = 0;
        for (int i = 0; i < values.Length; i++)
            if (values[i] > values[index] || (values[i] == values[index] && i < index))
                before++;
        return before;
    }
}
