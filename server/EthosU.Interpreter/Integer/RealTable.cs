using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>Functions of reals as tables (tflite-kernels 2.9), computed in single precision.</summary>
internal static class RealTable
{
    /// <summary>256 entries; results outside int32 saturate.</summary>
    public static Func<int, int> Make8(Tensor x, Tensor y, Func<float, float> function)
    {
        float scale = NodeFacts.Scale(x), inverse = 1f / NodeFacts.Scale(y);
        int zeroX = NodeFacts.ZeroPoint(x), zeroY = NodeFacts.ZeroPoint(y);
        var table = new int[256];
        for (int q = -128; q < 128; q++)
        {
            float value = Rounding.HalfAway(function(scale * (q - zeroX)) * inverse);
            table[q & 255] = float.IsNaN(value) ? zeroY : (int)Math.Clamp((double)(value + zeroY), sbyte.MinValue, sbyte.MaxValue);
        }
        return q => table[q & 255];
    }

    /// <summary>513 entries with linear interpolation.</summary>
    public static Func<int, int> Make16(Tensor x, Tensor y, Func<float, float> function)
    {
        short[] table = Make(NodeFacts.Scale(x), NodeFacts.ZeroPoint(x), NodeFacts.Scale(y), NodeFacts.ZeroPoint(y), function);
        return q => LookUp(table, (short)q);
    }

    public static short[] Make(float scaleX, int zeroX, float scaleY, int zeroY, Func<float, float> function)
    {
        float minX = scaleX * (-32768 - zeroX), maxX = scaleX * (32767 - zeroX), minY = scaleY * (-32768 - zeroY), maxY = scaleY * (32767 - zeroY);
        float step = (maxX - minX) / 512, half = step / 2, inverse = 65536 / (maxY - minY);
        var table = new short[513];
        for (int i = 0; i < 512; i++)
        {
            float here = Rounding.HalfAway(function(minX + (i * step)) * inverse);
            float middle = function(minX + (i * step) + half), next = function(minX + ((i + 1) * step));
            float interpolated = Rounding.HalfAway(((next * inverse) + here) / 2);
            float bias = Rounding.HalfAway((interpolated - Rounding.HalfAway(middle * inverse)) / 2);
            table[i] = (short)Math.Clamp(here - bias, short.MinValue, short.MaxValue);
        }
        table[512] = (short)Math.Clamp(Rounding.HalfAway(function(maxX) * inverse), short.MinValue, short.MaxValue);
        return table;
    }

    public static short LookUp(ReadOnlySpan<short> table, short q)
    {
        int index = 256 + (q >> 7), offset = q & 127;
        int slope = (short)(table[index + 1] - table[index]);
        return (short)(table[index] + (((slope * offset) + 64) >> 7));
    }
}
