namespace EthosU.Torch.Programs;

/// <summary>The names of values, sizes included, that arguments refer to or give.</summary>
internal static class ArgumentNames
{
    /// <summary>The names in an argument.</summary>
    public static IEnumerable<string> Of(Argument argument) => argument switch
    {
        Argument.TensorValue value => [value.Name],
        Argument.TensorList list => list.Names,
        Argument.OptionalTensorList list => list.Names.OfType<string>(),
        Argument.Symbol symbol => [symbol.Name],
        Argument.SizeList list => list.Sizes.OfType<Argument.Symbol>().Select(static size => size.Name),
        _ => [],
    };
}
