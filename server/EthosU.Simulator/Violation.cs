namespace EthosU.Simulator;

/// <summary>Something in a command stream that hardware would not report but do wrong.</summary>
/// <param name="CommandIndex">Number of the command concerned, from 0.</param>
/// <param name="Rule">Stable id of the rule; see <see cref="ViolationRules"/>.</param>
/// <param name="Description">What is wrong, with the operation.</param>
public sealed record Violation(int CommandIndex, string Rule, string Description)
{
    /// <summary>Command, rule and description on one line.</summary>
    public override string ToString() => $"command {CommandIndex}: {Rule}: {Description}";
}
