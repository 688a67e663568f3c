using System.Globalization;
using EthosU.Fuzz.Kinds;

namespace EthosU.Fuzz.Campaign;

/// <summary>The process that takes mutants in turn: a line with a number in, a line with the verdict out.</summary>
internal static class ChildLoop
{
    /// <summary>What a file of its own is announced with, before its path and the number whose choices are repeated.</summary>
    public const string FilePrefix = "file ";

    /// <summary>Serves until its input ends.</summary>
    public static int Run(FuzzKind kind, int campaign)
    {
        // What the program under test writes must not be taken for a verdict.
        TextWriter verdicts = Console.Out;
        Console.SetOut(TextWriter.Null);
        Console.SetError(TextWriter.Null);
        string root = Directory.CreateTempSubdirectory("ethosu-fuzz-").FullName;
        try
        {
            while (Console.In.ReadLine() is { } line)
            {
                string folder = Directory.CreateDirectory(Path.Combine(root, "m")).FullName;
                string[] parts = line.Split(' ', 3);
                bool isFile = line.StartsWith(FilePrefix, StringComparison.Ordinal);
                int number = int.Parse(parts[isFile ? 1 : 0], CultureInfo.InvariantCulture);
                byte[] mutant = isFile ? File.ReadAllBytes(parts[2]) : kind.Make(campaign, number).Mutant;
                string? fault = kind.Run(mutant, folder, new Random(number));
                Directory.Delete(folder, recursive: true);
                verdicts.WriteLine(fault is null ? "ok" : $"fault {fault.ReplaceLineEndings(" ")}");
                verdicts.Flush();
            }
            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
