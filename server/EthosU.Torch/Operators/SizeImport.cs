using EthosU.Graphs;
using EthosU.Import;
using EthosU.Torch.Import;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Operators;

/// <summary>Sizes and arithmetic on them, checks, and conversions of types.</summary>
internal static class SizeImport
{
    private const string Memory = ", non_blocking=False, copy=False, memory_format=None";

    public static IEnumerable<OperatorImporter> Operators =>
    [
        new("aten.sym_size.int", "self, dim", static c =>
        {
            Shape shape = c.Operand("self").Shape;
            c.Number(new Argument.Integer(shape[shape.NormalizeAxis(c.Int("dim"))]));
        }),
        new("aten.sym_numel.default", "self", static c => c.Number(new Argument.Integer(c.Operand("self").Shape.ElementCount))),
        new("aten.sym_stride.int", "self, dim", static c => c.Number(new Argument.Integer(c.Operand("self").Strides[c.Int("dim")]))),
        new("aten.sym_storage_offset.default", "self", static c => c.Number(new Argument.Integer(c.Operand("self").Offset))),
        .. SizeOperators.Names.SelectMany(static name => (OperatorImporter[])[Calculation($"_operator.{name}"), Calculation($"math.{name}"),
            Calculation($"torch.{name}"), Calculation(name)]),
        new("aten.item.default", "self", Item), new("aten._local_scalar_dense.default", "self", Item),
        .. ((string[])["aten._assert_scalar.default", "aten._assert_async.msg", "aten._assert_async.default",
            "aten._assert_tensor_metadata.default", "aten.sym_constrain_range.default", "aten.sym_constrain_range_for_size.default",
            "aten._functional_assert_async.msg", "aten._functional_assert_scalar.default", "aten._make_dep_token.default"])
            .Select(static target => new OperatorImporter(target, Anything, static c => { })),
        new("aten.to.dtype", "self, dtype" + Memory, Cast),
        new("aten.to.dtype_layout", "self, *, dtype=None, layout=None, device=None, pin_memory=None" + Memory, Cast),
        new("aten.to.device", "self, device, dtype" + Memory, Cast),
        new("aten.to.other", "self, other" + Memory, static c => As(c, "other")),
        new("aten.to.prim_Device", "self, device, dtype=None, non_blocking=False, copy=False", Cast),
        new("aten.to.prim_dtype", "self, dtype=None, non_blocking=False, copy=False", Cast),
        new("aten._to_copy.default", "self, *, dtype=None, layout=None, device=None, pin_memory=None, non_blocking=False, "
            + "memory_format=None", static c => c.Result(c.Convert(c.Tensor("self"), Target(c)))),
        new("aten.type_as.default", "self, other", static c => As(c, "other")),
        new("prims.convert_element_type.default", "a, dtype", static c => c.Result(c.Convert(c.Tensor("a"),
            ElementKinds.Of(c.DType("dtype") ?? ScalarType.Float32)))),
        new("prims.device_put.default", "a, device, non_blocking=False", static c => c.Result(c.Operand("a"))),
        new("aten.dropout.default", "input, p, train", Dropout), new("aten.feature_dropout.default", "input, p, train", Dropout),
        new("aten.alpha_dropout.default", "input, p, train", Dropout),
        new("aten.feature_alpha_dropout.default", "input, p, train", Dropout),
        new("aten.dropout_.default", "self, p, train", Dropout), new("aten.feature_dropout_.default", "self, p, train", Dropout),
        new("aten.alpha_dropout_.default", "self, p, train", Dropout),
        new("aten.feature_alpha_dropout_.default", "self, p, train", Dropout),
        new("aten.native_dropout.default", "input, p, train", NativeDropout),
    ];

    private const string Anything = "self=None, a=None, assert_msg=None, size=None, stride=None, dtype=None, min=None, max=None, "
        + "dep_token=None";

    private static OperatorImporter Calculation(string target) => new(target, "a=None, b=None, c=None", static c => c.Number(
        SizeOperators.Apply(c.Node.Target.Split('.')[^1],
            [.. c.Node.Inputs.Select(input => input.Value is Argument.Symbol symbol ? c.Resolve(symbol) : input.Value)])));

    /// <summary>A number out of a tensor: what follows from it is known where the tensor is constant.</summary>
    private static void Item(ProgramContext c)
    {
        Tensor x = c.Tensor("self");
        if (x.Data is not { Count: 1 } data)
            throw new UnsupportedOperatorException(
                "A number taken out of a tensor (item) depends on the data that flow through the network.",
                "Keep it a tensor; sizes cannot depend on values.");
        c.Number(x.Type == ElementType.Float32 ? new Argument.Real(data.ToFloatArray()[0])
            : x.Type == ElementType.Bool ? new Argument.Truth(data.ToInt64Array()[0] != 0) : new Argument.Integer(data.ToInt64Array()[0]));
    }

    private static ElementType Target(ProgramContext c) => c.DType("dtype") is { } type ? ElementKinds.Of(type) : c.Tensor("self").Type;

    private static void Cast(ProgramContext c)
    {
        bool same = c.DType("dtype") is not { } type || type == c.ScalarOf("self");
        if (same && !c.Flag("copy"))
            c.Result(c.Operand("self"));
        else
            c.Result(c.Convert(c.Tensor("self"), Target(c)));
    }

    private static void As(ProgramContext c, string name)
    {
        if (c.ScalarOf(name) == c.ScalarOf("self") && c.ScalarOf(name) != ScalarType.Unknown)
            c.Result(c.Operand("self"));
        else
            c.Result(c.Convert(c.Tensor("self"), c.Tensor(name).Type));
    }

    private static void Dropout(ProgramContext c)
    {
        if (c.Flag("train") && c.Double("p") > 0)
            throw Refusals.Training("dropout");
        c.Result(c.Operand(c.Node.Inputs[0].Name));
    }

    private static void NativeDropout(ProgramContext c)
    {
        if (c.Has("train") && c.Flag("train") && c.Double("p") > 0)
            throw Refusals.Training("dropout");
        c.Copy(c.Operand("input"));
        c.NoResult();
    }
}
