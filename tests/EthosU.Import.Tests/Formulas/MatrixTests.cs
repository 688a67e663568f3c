using EthosU.Graphs;
using EthosU.Import.Formulas;
using Xunit;

namespace EthosU.Import.Tests.Formulas;

/// <summary>Matrix products, sums by Einstein's convention, and attention.</summary>
public sealed class MatrixTests
{
    [Theory]
    [InlineData("3,4", "4,5", true)]
    [InlineData("2,3,4", "4,5", true)]
    [InlineData("2,3,4", "2,4,5", false)]
    [InlineData("4", "4,5", true)]
    [InlineData("3,4", "4", false)]
    [InlineData("2,3,4", "1,4,5", true)]
    public void A_product_sums_over_the_last_and_the_last_but_one_axis(string left, string right, bool isConstant)
    {
        FormulaGraph f = new();
        int[] p = Sizes(left), q = Sizes(right);
        Tensor a = f.Input(p), b = isConstant ? f.Constant(q) : f.Input(q);
        (Numbers u, Numbers v) = (f.Of(a), f.Of(b));
        int[] rows = p.Length == 1 ? [] : p[..^1], columns = q.Length == 1 ? [] : [q[^1]];
        f.Gives(Numbers.Make([.. rows, .. columns], o => Enumerable.Range(0, 4).Sum(k => u[[.. o[..rows.Length], k]]
            * (q.Length switch
            {
                1 => v[k],
                2 => v[k, o[^1]],
                _ => v[q[0] == 1 ? 0 : o[0], k, o[^1]],
            }))), MatrixProduct.Of(f.Emitter, a, b));
    }

    [Theory]
    [InlineData(1f, 1f, "5")]
    [InlineData(0.5f, 2f, "5")]
    [InlineData(1f, 1f, "3,1")]
    [InlineData(1f, 1f, "1")]
    public void A_linear_layer_has_a_row_of_weights_for_each_unit(float alpha, float beta, string bias)
    {
        FormulaGraph f = new();
        Tensor x = f.Input(3, 4), w = f.Constant(5, 4), b = f.Constant(Sizes(bias));
        (Numbers u, Numbers v, Numbers c) = (f.Of(x), f.Of(w), f.Of(b));
        f.Gives(Numbers.Make([3, 5], o => (alpha * Enumerable.Range(0, 4).Sum(k => u[o[0], k] * v[o[1], k]))
            + (beta * (bias == "5" ? c[o[1]] : bias == "1" ? c[0] : c[o[0], 0]))),
            MatrixProduct.Linear(f.Emitter, x, w, b, alpha, beta));
    }

    [Theory]
    [InlineData("ij,jk->ik", "3,4", "4,5")]
    [InlineData("bij,bkj->bki", "2,3,4", "2,5,4")]
    [InlineData("i,j->ji", "3", "4")]
    [InlineData("ij,ij", "3,4", "3,4")]
    [InlineData("ii->i", "4,4", "")]
    [InlineData("ijk->kj", "2,3,4", "")]
    [InlineData("ij,jk,kl->il", "2,3", "3,4", "4,5")]
    [InlineData("...ij,...jk->...ik", "2,3,4", "2,4,5")]
    [InlineData("abcdij,abcdjk->abcdik", "2,1,2,2,3,2", "2,1,2,2,2,3")]
    public void An_equation_is_a_sum_over_all_labels_that_the_result_has_not(string equation, string a, string b, string c = "")
    {
        FormulaGraph f = new();
        Tensor[] operands = [.. new[] { a, b, c }.Where(static sizes => sizes.Length > 0).Select(sizes => f.Input(Sizes(sizes)))];
        f.Gives(Sum(equation.Replace("...", "z", StringComparison.Ordinal), [.. operands.Select(f.Of)]),
            EinsteinSum.Of(f.Emitter, equation, operands));
    }

    [Theory]
    [InlineData("ij,jk->il")]
    [InlineData("ij->ik")]
    [InlineData("ijk,jk->i")]
    [InlineData("ij,jk->ii")]
    public void An_equation_that_does_not_suit_is_refused(string equation)
    {
        FormulaGraph f = new();
        Assert.Contains(equation, Assert.Throws<UnsupportedOperatorException>(
            () => EinsteinSum.Of(f.Emitter, equation, [f.Input(3, 4), f.Input(4, 5)])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(false, "added")]
    [InlineData(true, "bool")]
    public void Attention_weighs_values_by_how_keys_suit_the_query(bool isCausal, string mask)
    {
        FormulaGraph f = new();
        Tensor q = f.Input(2, 3, 4), k = f.Input(2, 5, 4), v = f.Input(2, 5, 6);
        Numbers seen = Numbers.Make([3, 5], static i => (i[0] + (2 * i[1])) % 3 == 0 ? 1 : 0);
        Tensor? given = mask == "" ? null : mask == "added" ? f.Constant(seen)
            : f.Emitter.Constant(TensorData.From<bool>([3, 5], [.. seen.Values.Select(static s => s != 0)]));
        (Numbers a, Numbers b, Numbers c) = (f.Of(q), f.Of(k), f.Of(v));
        Tensor y = Attention.ScaledDotProduct(f.Emitter, q, k, v, given, isCausal, null);
        f.Gives(Numbers.Make([2, 3, 6], o =>
        {
            double[] weights = [.. Enumerable.Range(0, 5).Select(s => (isCausal && s > o[1]) || (mask == "bool" && seen[o[1], s] == 0) ? 0
                : Math.Exp((Enumerable.Range(0, 4).Sum(e => a[o[0], o[1], e] * b[o[0], s, e]) / 2)
                    + (mask == "added" ? seen[o[1], s] : 0)))];
            return weights.Select((weight, s) => weight / weights.Sum() * c[o[0], s, o[2]]).Sum();
        }), y);
    }

    private static Numbers Sum(string equation, Numbers[] operands)
    {
        string[] sides = equation.Split("->"), terms = sides[0].Split(',');
        Dictionary<char, int> sizes = [];
        foreach ((string term, Numbers operand) in terms.Zip(operands))
            foreach ((char label, int size) in term.Zip(operand.Sizes))
                sizes[label] = size;
        string result = sides.Length == 2 ? sides[1]
            : new([.. string.Concat(terms).GroupBy(static label => label).Where(static group => group.Count() == 1)
                .Select(static group => group.Key).Order()]);
        string labels = result + new string([.. sizes.Keys.Where(label => !result.Contains(label, StringComparison.Ordinal))]);
        int[] rest = [.. labels[result.Length..].Select(label => sizes[label])];
        return Numbers.Make([.. result.Select(label => sizes[label])], o => Numbers.Indices(rest).Sum(r =>
        {
            int[] all = [.. o, .. r];
            return terms.Zip(operands).Aggregate(1.0, (product, pair) => product
                * pair.Second[[.. pair.First.Select(label => all[labels.IndexOf(label, StringComparison.Ordinal)])]]);
        }));
    }

    private static int[] Sizes(string text) => [.. text.Split(',').Select(int.Parse)];
}
