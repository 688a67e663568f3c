namespace EthosU.Quantize.Weights;

/// <summary>
/// Rounds the weights of a block one after the other, each error made good by those that are not rounded yet, as far as what they are
/// multiplied with goes together (optimal brain quantization, in a fixed order); then moves single weights by a step as long as
/// that helps.
/// </summary>
internal sealed class ErrorFeedback
{
    private const double Damping = 0.003;
    private const int Sweeps = 3;

    private readonly int size;
    private readonly int[] order; // the ones with the largest moments first: most is left to make good
    private readonly float[] shares; // [i, j]: what j takes over of the error of i, in that order
    private readonly float[] moments; // in that order

    /// <summary>Prepares a block.</summary>
    /// <param name="block">Its moments, [size, size].</param>
    /// <param name="size">Number of elements.</param>
    public ErrorFeedback(double[] block, int size)
    {
        this.size = size;
        order = [.. Enumerable.Range(0, size).OrderByDescending(i => block[(i * size) + i])];
        double damping = Damping * Math.Max(1e-30, Enumerable.Range(0, size).Average(i => block[(i * size) + i]));
        var sorted = new double[size * size];
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++)
                sorted[(i * size) + j] = block[(order[i] * size) + order[j]] + (i == j ? damping : 0);
        moments = Array.ConvertAll(sorted, static value => (float)value);
        // Of the inverse's factor U, upper: inverse = Uᵀ U. By reversed order it is the inverse of the reversed matrix' lower factor.
        double[] lower = Factor(Reversed(sorted)), inverse = Inverse(lower);
        shares = new float[size * size];
        for (int i = 0; i < size; i++)
        {
            double own = inverse[((size - 1 - i) * size) + size - 1 - i];
            for (int j = i + 1; j < size; j++)
                shares[(i * size) + j] = (float)(inverse[((size - 1 - i) * size) + size - 1 - j] / own);
        }
    }

    /// <summary>Number of elements.</summary>
    public int Size => size;

    /// <summary>Rounds the weights of a unit.</summary>
    /// <param name="weights">In steps of the scale, in the block's order.</param>
    /// <param name="stored">Gets the integers.</param>
    /// <param name="largest">The largest of them.</param>
    public void Round(ReadOnlySpan<float> weights, Span<sbyte> stored, int largest)
    {
        Span<float> rest = stackalloc float[size], errors = stackalloc float[size];
        for (int i = 0; i < size; i++)
            rest[i] = weights[order[i]];
        for (int i = 0; i < size; i++)
        {
            float rounded = Nearest(rest[i], largest);
            stored[order[i]] = (sbyte)rounded;
            errors[i] = rounded - weights[order[i]];
            float error = rounded - rest[i];
            VectorSums.AddProduct(rest[(i + 1)..], shares.AsSpan((i * size) + i + 1, size - i - 1), error);
        }
        Polish(errors, stored, largest);
    }

    private void Polish(Span<float> errors, Span<sbyte> stored, int largest)
    {
        Span<float> slopes = stackalloc float[size];
        slopes.Clear();
        for (int i = 0; i < size; i++)
            VectorSums.AddProduct(slopes, moments.AsSpan(i * size, size), errors[i]);
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            bool moved = false;
            for (int i = 0; i < size; i++)
            {
                int step = slopes[i] > 0 ? -1 : 1, next = stored[order[i]] + step;
                if ((2 * Math.Abs(slopes[i])) <= moments[(i * size) + i] * 1.0001f || Math.Abs(next) > largest)
                    continue;
                stored[order[i]] = (sbyte)next;
                VectorSums.AddProduct(slopes, moments.AsSpan(i * size, size), step);
                moved = true;
            }
            if (!moved)
                return;
        }
    }

    private static float Nearest(float value, int largest) =>
        Math.Clamp(MathF.Round(value, MidpointRounding.AwayFromZero), -largest, largest);

    private static double[] Reversed(double[] matrix)
    {
        var result = new double[matrix.Length];
        for (int i = 0; i < matrix.Length; i++)
            result[i] = matrix[matrix.Length - 1 - i];
        return result;
    }

    /// <summary>The lower triangle L with L Lᵀ = matrix, in place.</summary>
    private double[] Factor(double[] matrix)
    {
        for (int j = 0; j < size; j++)
        {
            for (int i = j; i < size; i++)
            {
                double sum = matrix[(i * size) + j];
                for (int k = 0; k < j; k++)
                    sum -= matrix[(i * size) + k] * matrix[(j * size) + k];
                matrix[(i * size) + j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-30)) : sum / matrix[(j * size) + j];
            }
        }
        return matrix;
    }

    /// <summary>The inverse of a lower triangle, a lower triangle too.</summary>
    private double[] Inverse(double[] lower)
    {
        var result = new double[lower.Length];
        for (int i = 0; i < size; i++)
        {
            double own = 1 / lower[(i * size) + i];
            for (int k = 0; k < i; k++)
            {
                double factor = lower[(i * size) + k] * own;
                for (int j = 0; j <= k; j++)
                    result[(i * size) + j] -= factor * result[(k * size) + j];
            }
            result[(i * size) + i] = own;
        }
        return result;
    }
}
