using System.Diagnostics;

namespace EthosU.Fuzz.Campaign;

/// <summary>Makes a failing file smaller, or more like the sound one that it was made of, while it fails in the same way.</summary>
internal static class Minimizer
{
    /// <summary>The smallest that was found in a while.</summary>
    /// <param name="mutant">The failing file.</param>
    /// <param name="seed">What it was made of.</param>
    /// <param name="fails">Whether a file still fails in the same way.</param>
    /// <param name="time">How long to try.</param>
    public static byte[] Reduce(byte[] mutant, byte[] seed, Func<byte[], bool> fails, TimeSpan time)
    {
        Stopwatch watch = Stopwatch.StartNew();
        if (mutant.Length == seed.Length)
            mutant = Revert(mutant, seed, fails, () => watch.Elapsed < time);
        for (int size = Math.Max(1, mutant.Length / 2); size >= 1 && watch.Elapsed < time; size /= 2)
            for (int at = 0; at + size <= mutant.Length && watch.Elapsed < time;)
            {
                byte[] shorter = [.. mutant[..at], .. mutant[(at + size)..]];
                if (fails(shorter))
                    mutant = shorter;
                else
                    at += size;
            }
        return mutant;
    }

    /// <summary>Undoes the changes that the failure does not need.</summary>
    private static byte[] Revert(byte[] mutant, byte[] seed, Func<byte[], bool> fails, Func<bool> goesOn)
    {
        int[] changed = [.. Enumerable.Range(0, mutant.Length).Where(i => mutant[i] != seed[i])];
        foreach (int at in changed)
        {
            if (!goesOn())
                break;
            byte[] closer = [.. mutant];
            closer[at] = seed[at];
            if (fails(closer))
                mutant = closer;
        }
        return mutant;
    }
}
