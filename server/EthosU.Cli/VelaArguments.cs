using System.CommandLine;
using System.Globalization;

namespace EthosU.Cli;

/// <summary>
/// Vela's options that have no counterpart of our own, so that a build script need not change: what makes sense works, what has no effect
/// is said to have none, and what would give another result is refused. They are hidden in the help; <c>docs/compiler.md</c> lists them.
/// </summary>
internal sealed class VelaArguments
{
    private const string Automatic = "the compiler chooses by itself";
    private const string Elsewhere = "see --report, and the commands inspect and disassemble";

    // Flags and options that change nothing here, with the reason.
    private static readonly (string Name, bool TakesValue, string Reason)[] WithoutEffect =
    [
        ("--verbose-graph", false, Elsewhere), ("--verbose-quantization", false, Elsewhere), ("--verbose-packing", false, Elsewhere),
        ("--verbose-tensor-purpose", false, Elsewhere), ("--verbose-tensor-format", false, Elsewhere),
        ("--verbose-schedule", false, Elsewhere),
        ("--verbose-allocation", false, Elsewhere), ("--verbose-high-level-command-stream", false, Elsewhere),
        ("--verbose-operators", false, Elsewhere),
        ("--verbose-register-command-stream", false, Elsewhere), ("--verbose-weights", false, Elsewhere),
        ("--verbose-progress", false, Elsewhere),
        ("--show-subgraph-io-summary", false, Elsewhere), ("--timing", false, "a compilation takes about a second"),
        ("--tensor-allocator", true, Automatic), ("--hillclimb-max-iterations", true, Automatic),
        ("--recursion-limit", true, "nothing recurses"),
        ("--max-block-dependency", true, Automatic), ("--disable-chaining", false, Automatic), ("--disable-fwd", false, Automatic),
        ("--disable-cascading", false, Automatic), ("--disable-buffering", false, Automatic), ("--disable-ifm-reuse", false, Automatic),
        ("--debug-force-legacy-core", false, "there is one core"), ("--debug-force-regor", false, "there is one core"),
    ];

    // Options that would change the result, and the one value with which they do not.
    private static readonly (string Name, bool TakesValue, string? Harmless, string Reason)[] Refused =
    [
        ("--cop-format", true, "COP1", "command streams are written in the format COP1, which drivers of the Ethos-U55 and U65 read"),
        ("--separate-io-regions", false, null, "regions of their own for inputs and outputs exist in command streams of the format COP2 "
            + "alone, and COP1 is written, which drivers of the Ethos-U55 and U65 read; inputs and outputs lie in the tensor arena"),
        ("--experimental-softmax-int16-neg-exp-range", true, "10", "the table of int16 softmax is that of TensorFlow Lite Micro"),
        ("--enable-debug-db", false, null, "the form of the debug database is not documented; --report writes operations and memory as "
            + "JSON, and the command disassemble shows the command stream"),
    ];

    private readonly List<(Option Option, string Reason)> ignored = [];
    private readonly List<(Option Option, string? Harmless, string Reason)> refused = [];
    private readonly Option<string[]> ignoreOps = new("--ignore-ops") { Hidden = true };
    private readonly Option<bool> operations = Flag("--verbose-performance"), cpu = Flag("--show-cpu-operations"),
        config = Flag("--verbose-config");
    private readonly Option<bool> all = Flag("--verbose-all"), symmetric = Flag("--force-symmetric-int-weights");
    private readonly Option<int> alignment = new("--cpu-tensor-alignment") { Hidden = true, DefaultValueFactory = static _ => 16 };

    public VelaArguments(Command command)
    {
        foreach ((string name, bool takesValue, string reason) in WithoutEffect)
            ignored.Add((Add(command, name, takesValue), reason));
        foreach ((string name, bool takesValue, string? harmless, string reason) in Refused)
            refused.Add((Add(command, name, takesValue), harmless, reason));
        // The figures that it asks for are always shown.
        command.Add(Flag("--verbose-cycle-estimate"));
        foreach (Option option in new Option[] { ignoreOps, operations, cpu, config, all, symmetric, alignment })
            command.Add(option);
    }

    /// <summary>True if each operation's cost is to be shown.</summary>
    public bool ShowsOperations(ParseResult result) => result.GetValue(operations) || result.GetValue(all);

    /// <summary>True if the operators on the processor are to be listed.</summary>
    public bool ShowsCpuOperators(ParseResult result) => result.GetValue(cpu) || result.GetValue(all);

    /// <summary>True if clock and memories are to be shown.</summary>
    public bool ShowsTarget(ParseResult result) => result.GetValue(config) || result.GetValue(all);

    /// <summary>Operators that are to stay on the processor.</summary>
    public IReadOnlyList<string> OperatorsOnCpu(ParseResult result) =>
        [.. (result.GetValue(ignoreOps) ?? [])
        .SelectMany(static list => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    /// <summary>True if zero points of signed weights are to be taken as 0.</summary>
    public bool ForcesSymmetricWeights(ParseResult result) => result.GetValue(symmetric);

    /// <summary>Multiple of which the place in the arena is of every tensor that the CPU sees.</summary>
    /// <exception cref="UsageException">It is no power of two, or below 16.</exception>
    public int CpuTensorAlignment(ParseResult result) =>
        result.GetValue(alignment) is >= 16 and var size && int.IsPow2(size) ? size
        : throw new UsageException($"--cpu-tensor-alignment must be a power of two of at least 16, not {result.GetValue(alignment)}");

    /// <summary>Refuses what cannot be done, and says what has no effect.</summary>
    /// <exception cref="UsageException">An option would give another result.</exception>
    public void Explain(ParseResult result, CommandContext context)
    {
        foreach ((Option option, string? harmless, string reason) in refused)
            if (result.GetResult(option) is { Implicit: false } given
                && !(harmless is not null && given.Tokens is [{ Value: var value }] && IsSame(value, harmless)))
                throw new UsageException($"{option.Name}{(harmless is null ? "" : $" other than {harmless}")} is not possible: {reason}");
        if (context.Quiet)
            return;
        foreach ((Option option, string reason) in ignored)
            if (result.GetResult(option) is { Implicit: false })
                context.Error.WriteLine($"note: {option.Name} has no effect: {reason}");
    }

    private static bool IsSame(string value, string harmless) => value == harmless
        || (double.TryParse(value, CultureInfo.InvariantCulture, out double number)
            && double.TryParse(harmless, CultureInfo.InvariantCulture, out double wanted) && number == wanted);

    private static Option Add(Command command, string name, bool takesValue)
    {
        Option option = takesValue ? new Option<string?>(name) { Hidden = true } : Flag(name);
        command.Add(option);
        return option;
    }

    private static Option<bool> Flag(string name) => new(name) { Hidden = true };
}
