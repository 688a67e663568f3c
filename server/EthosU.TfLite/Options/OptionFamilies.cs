using EthosU.Graphs;
using Google.FlatBuffers;
using S = EthosU.TfLite.Schema;

namespace EthosU.TfLite.Options;

/// <summary>The options of an operator, whichever family they belong to; those that name subgraphs are not among them.</summary>
internal static class OptionFamilies
{
    /// <summary>The operator that a file describes.</summary>
    /// <param name="op">Its record in the file.</param>
    /// <param name="code">What it is.</param>
    /// <param name="version">Its version there.</param>
    public static Operator Read(S.Operator op, BuiltinCode code, int version) =>
        WindowOptions.Read(op, code) ?? ArithmeticOptions.Read(op, code) ?? MovementOptions.Read(op, code)
        ?? RecurrentOptions.Read(op, code) ?? OtherOptions.Read(op, code, version);

    /// <summary>Writes the options of a node's operator; nothing where it has none.</summary>
    public static OptionTable Write(FlatBufferBuilder builder, Node node)
    {
        if ((WindowOptions.Write(builder, node.Operator) ?? ArithmeticOptions.Write(builder, node.Operator)
            ?? MovementOptions.Write(builder, node) ?? RecurrentOptions.Write(builder, node.Operator)
            ?? OtherOptions.Write(builder, node.Operator)) is { } table)
            return table;
        if (node.Operator is OtherBuiltin)
            return default; // as in the file that it comes from
        S.BuiltinOptions type = EmptyOptions.TypeOf(node.Operator.Code);
        if (type == S.BuiltinOptions.NONE)
            return default;
        builder.StartTable(0);
        return new(type, builder.EndTable());
    }
}
