using EthosU.Torch.Programs;

namespace EthosU.Torch.Reading;

/// <summary>Reads what operators are given and give (pt2-format 3).</summary>
internal static class ArgumentReader
{
    /// <summary>An argument. A form that is not known stays so; it is refused where an operator uses it.</summary>
    /// <param name="node">The argument.</param>
    /// <param name="readGraph">Reads a graph inside it.</param>
    public static Argument Read(JsonNode node, Func<JsonNode, ProgramGraph> readGraph)
    {
        JsonNode form = node.Single();
        return form.Name switch
        {
            "as_tensor" => new Argument.TensorValue(NameOf(form)),
            "as_tensors" => new Argument.TensorList([.. form.Items().Select(NameOf)]),
            "as_optional_tensors" => new Argument.OptionalTensorList([.. form.Items().Select(OptionalName)]),
            "as_none" => new Argument.None(),
            "as_int" => new Argument.Integer(form.Integer()),
            "as_float" => new Argument.Real(form.Real()),
            "as_bool" => new Argument.Truth(form.Truth()),
            "as_string" => new Argument.Text(form.Text()),
            "as_ints" => new Argument.IntegerList([.. form.Items().Select(static item => item.Integer())]),
            "as_floats" => new Argument.RealList([.. form.Items().Select(static item => item.Real())]),
            "as_bools" => new Argument.TruthList([.. form.Items().Select(static item => item.Truth())]),
            "as_strings" => new Argument.TextList([.. form.Items().Select(static item => item.Text())]),
            "as_sym_int" or "as_sym_bool" or "as_sym_float" => Symbolic(form),
            "as_sym_ints" => new Argument.SizeList([.. form.Items().Select(Symbolic)]),
            "as_scalar_type" => new Argument.ElementTypeOf(TensorMetaReader.TypeOf(form)),
            "as_layout" or "as_memory_format" or "as_device" => new Argument.Placement(form.Name),
            "as_graph" => new Argument.Subgraph(readGraph(form["graph"])),
            _ => new Argument.Unknown(form.Name),
        };
    }

    /// <summary>The name of a value.</summary>
    public static string NameOf(JsonNode value) => value["name"].Identifier();

    private static string? OptionalName(JsonNode item)
    {
        JsonNode form = item.Single();
        return form.Name switch
        {
            "as_tensor" => NameOf(form),
            "as_none" => null,
            _ => throw form.Wrong("as_tensor or as_none"),
        };
    }

    private static Argument Symbolic(JsonNode node)
    {
        JsonNode form = node.Single();
        return form.Name switch
        {
            "as_name" => new Argument.Symbol(form.Identifier()),
            "as_int" => new Argument.Integer(form.Integer()),
            "as_float" => new Argument.Real(form.Real()),
            "as_bool" => new Argument.Truth(form.Truth()),
            _ => throw form.Wrong("as_name or a number"),
        };
    }
}
