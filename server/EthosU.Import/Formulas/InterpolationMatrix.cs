namespace EthosU.Import.Formulas;

/// <summary>What each element along a resized axis is made of: for every result, weights of the source's elements.</summary>
/// <param name="IsCubic">Four neighbours by cubic polynomials instead of two by straight lines.</param>
/// <param name="CubicCoefficient">The polynomials' coefficient (PyTorch: −0.75).</param>
/// <param name="ExcludeOutside">Neighbours beyond the edge are left out instead of taken as the edge.</param>
/// <param name="Antialias">The filter is widened when the axis shrinks.</param>
public sealed record InterpolationMatrix(bool IsCubic, float CubicCoefficient, bool ExcludeOutside, bool Antialias)
{
    /// <summary>Weights [to, from], row by row.</summary>
    /// <param name="from">Size of the source.</param>
    /// <param name="positions">Position of each result in the source; results at positions that are no number get no weights.</param>
    /// <param name="scale">Factor of the size.</param>
    public float[] Build(int from, double[] positions, double scale)
    {
        var matrix = new float[positions.Length * from];
        double stretch = Antialias && scale < 1 ? 1 / scale : 1;
        int reach = (int)Math.Ceiling((IsCubic ? 2 : 1) * stretch);
        bool exclude = ExcludeOutside || (Antialias && scale < 1);
        for (int row = 0; row < positions.Length; row++)
        {
            double position = positions[row], sum = 0;
            if (double.IsNaN(position))
                continue;
            if (!IsCubic && !Antialias)
                position = Math.Clamp(position, 0, from - 1);
            int middle = (int)Math.Floor(position);
            var weights = new SortedDictionary<int, double>();
            for (int i = middle - reach + 1; i <= middle + reach; i++)
            {
                double distance = (position - i) / stretch,
                    weight = IsCubic ? Cubic(distance, CubicCoefficient) : Math.Max(0, 1 - Math.Abs(distance));
                if (exclude && (i < 0 || i >= from))
                    continue;
                int source = Math.Clamp(i, 0, from - 1);
                weights[source] = weights.GetValueOrDefault(source) + weight;
                sum += weight;
            }
            foreach ((int source, double weight) in weights)
                matrix[(row * from) + source] = (float)(weight / (sum == 0 ? 1 : sum));
        }
        return matrix;
    }

    /// <summary>The cubic kernel at a distance from its middle.</summary>
    public static double Cubic(double distance, double a)
    {
        double x = Math.Abs(distance);
        return x <= 1 ? ((((a + 2) * x) - (a + 3)) * x * x) + 1
            : x < 2 ? ((((((x - 5) * x) + 8) * x) - 4) * a)
            : 0;
    }
}
