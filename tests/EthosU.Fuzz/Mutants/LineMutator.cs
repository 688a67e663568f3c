using System.Text;

namespace EthosU.Fuzz.Mutants;

/// <summary>Changes a text line by line, as configurations are written.</summary>
internal static class LineMutator
{
    /// <summary>A changed copy.</summary>
    public static byte[] Mutate(byte[] text, Random random)
    {
        List<string> lines = [.. Encoding.UTF8.GetString(text).Split('\n')];
        for (int changes = random.Next(1, 5); changes > 0; changes--)
        {
            int at = random.Next(lines.Count);
            int equals = lines[at].IndexOf('=', StringComparison.Ordinal);
            switch (random.Next(6))
            {
                case 0 when lines.Count > 1:
                    lines.RemoveAt(at);
                    break;
                case 1:
                    lines.Insert(random.Next(lines.Count + 1), lines[at]);
                    break;
                case 2:
                    lines[at] = lines[random.Next(lines.Count)];
                    break;
                default:
                    string value = random.Next(3) == 0 ? Interesting.Text(random)
                        : Interesting.Number(random, 1000).ToString(System.Globalization.CultureInfo.InvariantCulture);
                    lines[at] = equals < 0 ? value : random.Next(4) == 0 ? value + lines[at][equals..] : lines[at][..(equals + 1)] + value;
                    break;
            }
        }
        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }
}
