using System.Globalization;
using EthosU.Graphs;

namespace EthosU.Benchmarks;

/// <summary>Counts how far two models say the same: lines of text read, classes, masks.</summary>
/// <param name="network">Its name: what the outputs are.</param>
internal sealed class OutputMeaning(string network)
{
    private const float Threshold = 0.3f; // of PP-OCR's text masks
    private long lines, sameLines, steps, sameSteps, classes, sameClasses, common, either;

    /// <summary>Counts an output.</summary>
    /// <param name="shape">Its shape, channels last.</param>
    /// <param name="real">Values of the float model.</param>
    /// <param name="stored">Values of the quantized one.</param>
    public void Add(Shape shape, float[] real, float[] stored)
    {
        if (network == "ppocr_det")
        {
            common += real.Zip(stored, static (a, b) => a > Threshold && b > Threshold).LongCount(static both => both);
            either += real.Zip(stored, static (a, b) => a > Threshold || b > Threshold).LongCount(static one => one);
        }
        else if (network == "ppocr_rec")
            AddLine(Classes(real, shape[-1]), Classes(stored, shape[-1]));
        else if (shape[-1] == 2)
        {
            int[] wanted = Classes(real, 2), got = Classes(stored, 2);
            classes += wanted.Length;
            sameClasses += wanted.Zip(got, static (a, b) => a == b).LongCount(static same => same);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => network switch
    {
        "ppocr_det" => $"masks overlap {Percent(common, either)}",
        "ppocr_rec" => $"lines {Percent(sameLines, lines)}, steps that are not blank {Percent(sameSteps, steps)}",
        _ => $"same class {Percent(sameClasses, classes)}",
    };

    private static string Percent(long part, long whole) =>
        string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:F1} %");

    private void AddLine(int[] wanted, int[] got)
    {
        lines++;
        sameLines += Read(wanted).SequenceEqual(Read(got)) ? 1 : 0;
        for (int i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] == 0)
                continue;
            steps++;
            sameSteps += wanted[i] == got[i] ? 1 : 0;
        }
    }

    /// <summary>The characters of a line: repeated ones count once, class 0 is none.</summary>
    private static IEnumerable<int> Read(int[] steps) => steps.Where((step, i) => step != 0 && (i == 0 || steps[i - 1] != step));

    private static int[] Classes(float[] values, int count) =>
        [.. Enumerable.Range(0, values.Length / count).Select(step => Largest(values.AsSpan(step * count, count)))];

    private static int Largest(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
            if (values[i] > values[best])
                best = i;
        return best;
    }
}
