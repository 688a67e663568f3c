namespace EthosU.Torch.Programs;

/// <summary>An operand by the name that the operator's signature gives it; empty for higher-order operators, where order counts.</summary>
internal sealed record NamedArgument(string Name, Argument Value);
