using EthosU.Graphs;
using EthosU.Torch.Operators;
using EthosU.Torch.Programs;
using Xunit;

namespace EthosU.Torch.Tests;

/// <summary>Operators that no file at hand holds, by small examples.</summary>
public sealed class OperatorTests
{
    private static OperatorProgram Six => new OperatorProgram().Input("x", [2, 3], 1, 2, 3, 4, 5, 6);

    public static TheoryData<string, string, int[], double[]> Examples => new()
    {
        { "fliplr.default", "", [2, 3], [3, 2, 1, 6, 5, 4] }, { "flipud.default", "", [2, 3], [4, 5, 6, 1, 2, 3] },
        { "ravel.default", "", [6], [1, 2, 3, 4, 5, 6] }, { "frac.default", "", [2, 3], [0, 0, 0, 0, 0, 0] },
        { "adjoint.default", "", [3, 2], [1, 4, 2, 5, 3, 6] }, { "cosh.default", "", [2, 3], [1.5431, 3.7622, 10.0677, 27.3082, 74.2099,
            201.7156] },
        { "moveaxis.int", "source=0 destination=1", [3, 2], [1, 4, 2, 5, 3, 6] },
        { "narrow.default", "dim=1 start=-2 length=2", [2, 2], [2, 3, 5, 6] }, { "select.int", "dim=-1 index=-1", [2], [3, 6] },
        { "diagonal.default", "offset=1", [2], [2, 6] }, { "unfold.default", "dimension=1 size=2 step=1", [2, 2, 2], [1, 2, 2, 3, 4, 5,
            5, 6] },
        { "round.decimals", "decimals=0", [2, 3], [1, 2, 3, 4, 5, 6] }, { "median.dim", "dim=1", [2], [2, 5] },
        { "cummax.default", "dim=0", [2, 3], [1, 2, 3, 4, 5, 6] }, { "argsort.default", "dim=1 descending=True", [2, 3], [2, 1, 0, 2, 1,
            0] },
        { "count_nonzero.default", "", [], [6] }, { "var.default", "", [], [3.5] }, { "norm.Scalar", "p=1", [], [21] },
        { "softshrink.default", "lambd=2", [2, 3], [0, 0, 1, 2, 3, 4] }, { "special_exp2.default", "", [2, 3], [2, 4, 8, 16, 32, 64] },
        { "hardshrink.default", "lambd=2", [2, 3], [0, 0, 3, 4, 5, 6] }, { "fill.Scalar", "value=7", [2, 3], [7, 7, 7, 7, 7, 7] },
        { "new_full.default", "size=[2] fill_value=3", [2], [3, 3] }, { "roll.default", "shifts=[4] dims=[1]", [2, 3], [3, 1, 2, 6, 4,
            5] },
        { "repeat_interleave.self_int", "repeats=2 dim=0", [4, 3], [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6] },
        { "rot90.default", "k=3 dims=[0,1]", [3, 2], [4, 1, 5, 2, 6, 3] }, { "rot90.default", "k=2 dims=[0,1]", [2, 3], [6, 5, 4, 3, 2,
            1] },
        { "clamp_max.default", "max=3", [2, 3], [1, 2, 3, 3, 3, 3] }, { "as_strided.default", "size=[2,2] stride=[1,3] storage_offset=1",
            [2, 2], [2, 5, 3, 6] },
        { "pad.default", "pad=[1,0] mode=replicate", [2, 4], [1, 1, 2, 3, 4, 4, 5, 6] },
        { "constant_pad_nd.default", "pad=[0,1,-1,0] value=9", [1, 4], [4, 5, 6, 9] },
        { "hsplit.int", "sections=3", [2, 1], [1, 4] }, { "vsplit.array", "indices=[1]", [1, 3], [1, 2, 3] },
        { "tensor_split.sections", "sections=2 dim=1", [2, 2], [1, 2, 4, 5] }, { "aminmax.default", "dim=0", [3], [1, 2, 3] },
        { "nan_to_num.default", "", [2, 3], [1, 2, 3, 4, 5, 6] },
        { "permute_copy.default", "dims=[1,0]", [3, 2], [1, 4, 2, 5, 3, 6] }, { "pow.Tensor_Scalar", "exponent=2", [2, 3], [1, 4, 9, 16,
            25, 36] },
        { "cumsum.default", "dim=1", [2, 3], [1, 3, 6, 4, 9, 15] }, { "take.default", "index=@i", [2], [6, 1] },
        { "index_copy.default", "dim=1 index=@j source=@y", [2, 3], [7, 2, 8, 9, 5, 10] },
        { "index_fill.int_Scalar", "dim=1 index=@j value=0", [2, 3], [0, 2, 0, 0, 5, 0] },
        { "scatter.value", "dim=1 index=@k value=0", [2, 3], [1, 2, 0, 0, 5, 6] },
        { "scatter.src", "dim=1 index=@k src=@y", [2, 3], [1, 2, 7, 9, 5, 6] },
        { "scatter_add.default", "dim=1 index=@k src=@y", [2, 3], [1, 2, 10, 13, 5, 6] },
        { "take_along_dim.default", "indices=@k dim=1", [2, 1], [3, 4] }, { "select_scatter.default", "src=@v dim=0 index=1", [2, 3], [1,
            2, 3, 7, 8, 9] },
        { "slice_scatter.default", "src=@y dim=1 start=0 end=3 step=2", [2, 3], [7, 2, 8, 9, 5, 10] },
        { "hypot.default", "other=@x", [2, 3], [1.4142, 2.8284, 4.2426, 5.6569, 7.0711, 8.4853] },
        { "copysign.Tensor", "other=@n", [2, 3], [-1, -2, -3, -4, -5, -6] }, { "atan2.default", "other=@x", [2, 3], [.7854, .7854, .7854,
            .7854, .7854, .7854] },
        { "inner.default", "other=@v", [2], [50, 122] }, { "mv.default", "vec=@v", [2], [50, 122] },
        { "tensordot.default", "other=@x dims_self=[1] dims_other=[1]", [2, 2], [14, 32, 32, 77] },
        { "pairwise_distance.default", "x2=@n", [2], [7.4833, 17.5499] },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_operator_computes_what_torch_documents(string target, string operands, int[] sizes, double[] expected)
    {
        string name = $"aten.{target}", first = target.StartsWith("pairwise", StringComparison.Ordinal) ? "x1" : "self";
        OperatorProgram program = Six.Input("y", [2, 2], 7, 8, 9, 10).Input("v", [3], 7, 8, 9).Input("n", [2, 3], -1, -2, -3, -4, -5, -6)
            .Constant("i", [2], -1, 0).Constant("j", [2], 0, 2).Constant("k", [2, 1], 2, 0);
        (string, object?)[] read = [(first, "@x"), .. operands.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static o =>
            (o.Split('=')[0], Parsed(o.Split('=')[1])))];
        string outputs = target.Split('.')[0] switch
        {
            "hsplit" => "r|b|c", "vsplit" or "tensor_split" => "r|b", "median" or "cummax" or "aminmax" => "r b", _ => "r",
        };
        program.Node(name, outputs, read).Gives("r", sizes, expected);
    }

    private static object? Parsed(string text) => text.StartsWith('[')
        ? text[1..^1].Split(',').Select(static v => int.Parse(v, System.Globalization.CultureInfo.InvariantCulture)).ToArray()
        : int.TryParse(text, out int number) ? number : bool.TryParse(text, out bool truth) ? truth : text;

    [Fact]
    public void A_change_of_a_part_changes_the_whole_and_all_other_views_of_it()
    {
        OperatorProgram program = Six.Node("aten.clone.default", "c", ("self", "@x")).Node("aten.t.default", "t", ("self", "@c"))
            .Node("aten.slice.Tensor", "s", ("self", "@t"), ("dim", 0), ("start", 0), ("end", 3), ("step", 2))
            .Node("aten.view.default", "w", ("self", "@c"), ("size", new[] { 6 }))
            .Node("aten.mul_.Tensor", "m", ("self", "@s"), ("other", 10));
        program.Gives("w", [6], 10, 2, 30, 40, 5, 60);
        program.Gives("c", [2, 3], 10, 2, 30, 40, 5, 60);
        program.Gives("m", [2, 2], 10, 40, 30, 60);
    }

    /// <summary>Turned elements do not lie one behind the other: reshape copies them.</summary>
    [Fact]
    public void A_copy_is_no_view()
    {
        OperatorProgram program = Six.Node("aten.clone.default", "c", ("self", "@x")).Node("aten.t.default", "t", ("self", "@c"))
            .Node("aten.reshape.default", "r", ("self", "@t"), ("shape", new[] { 6 })).Node("aten.zero_.default", "z", ("self", "@r"));
        program.Gives("c", [2, 3], 1, 2, 3, 4, 5, 6);
        program.Gives("z", [6], 0, 0, 0, 0, 0, 0);
    }

    [Fact]
    public void A_buffer_that_a_view_changes_is_state()
    {
        var model = new OperatorProgram().Input("x", [1], 1).Constant("count", [2], 3, 4)
            .Node("aten.select.int", "s", ("self", "@count"), ("dim", 0), ("index", 1))
            .Node("aten.add_.Tensor", "a", ("self", "@s"), ("other", 1)).Node("aten.mul.Tensor", "y", ("self", "@x"), ("other", "@a"))
            .Type("s", ScalarType.Int32).Type("a", ScalarType.Int32).Import("y");
        Assert.Equal([("count", "count_next")], model.States.Select(static s => (s.Input, s.Output)));
        Assert.Equal([3, 4], model.States[0].Initial.ToInt32Array());
        Assert.Equal(["x", "count"], model.Graph.Inputs.Select(static input => input.Name));
    }

    [Fact]
    public void An_expanded_tensor_is_not_changed_in_place()
    {
        OperatorProgram program = new OperatorProgram().Input("x", [1], 1).Node("aten.expand.default", "e", ("self", "@x"),
            ("size", new[] { 3 })).Node("aten.add_.Tensor", "a", ("self", "@e"), ("other", 1));
        Assert.Contains("several of its elements are one", Assert.Throws<UnsupportedModelException>(() => program.Import("a")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_cannot_be_is_listed_at_once()
    {
        OperatorProgram program = Six.Node("aten.nonzero.default", "n", ("self", "@x")).Node("aten.sum.default", "s", ("self", "@n"))
            .Node("my.thing.default", "t", ("self", "@x")).Node("aten.rand_like.default", "r", ("self", "@x"));
        UnsupportedModelException e = Assert.Throws<UnsupportedModelException>(() => program.Import("s"));
        Assert.Equal(["aten.nonzero", "my.thing", "aten.rand_like"], e.Findings.Select(static f => f.Operator));
    }

    /// <summary>The sizes and types that a file declares are checked against what is computed.</summary>
    [Fact]
    public void A_result_of_other_sizes_than_declared_is_refused()
    {
        OperatorProgram program = Six.Node("aten.relu.default", "r", ("self", "@x")).Type("r", ScalarType.Float32, 3, 2);
        Assert.Contains("the file says that 'r' is [3, 2]", Assert.Throws<UnsupportedModelException>(() => program.Import("r")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_signature_of_the_table_reads()
    {
        Assert.True(OperatorTable.Targets.Count > 500);
        Assert.All(OperatorTable.Targets, static target => Assert.NotNull(OperatorTable.Find(target)!.Signature));
    }
}
