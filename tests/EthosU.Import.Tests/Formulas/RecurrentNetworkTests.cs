using EthosU.Graphs;
using EthosU.Import.Formulas;
using Xunit;

namespace EthosU.Import.Tests.Formulas;

/// <summary>Recurrent layers give what their cells give step by step.</summary>
public sealed class RecurrentNetworkTests
{
    private const int Steps = 4, Batch = 2, Width = 3, Hidden = 2;
    private static readonly RecurrentGates[] Orders = [new(), new() { Lstm = (0, 2, 3, 1), Gru = (0, 1, 2) }];

    [Theory]
    [InlineData(RecurrentKind.Simple, 1, 0, false, false)]
    [InlineData(RecurrentKind.Simple, 2, 0, false, false)]
    [InlineData(RecurrentKind.Gru, 1, 0, true, false)]
    [InlineData(RecurrentKind.Gru, 2, 1, true, false)]
    [InlineData(RecurrentKind.Gru, 1, 1, false, true)]
    [InlineData(RecurrentKind.Lstm, 1, 0, false, false)]
    [InlineData(RecurrentKind.Lstm, 2, 1, false, false)]
    [InlineData(RecurrentKind.Lstm, 1, 1, false, true)]
    public void States_follow_each_other(RecurrentKind kind, int directions, int order, bool resetsLate, bool isReverse)
    {
        int gates = RecurrentLayer.GatesOf(kind);
        foreach (int asked in (int[])[0, 1, 2]) // all states, the last ones, the last cells
        {
            FormulaGraph f = new();
            RecurrentLayer layer = new(kind, f.Input(Steps, Batch, Width), f.Constant(directions, gates * Hidden, Width),
                f.Constant(directions, gates * Hidden, Hidden))
            {
                Bias = f.Constant(directions, 2 * gates * Hidden), InitialState = f.Constant(directions, Batch, Hidden),
                InitialCell = f.Constant(directions, Batch, Hidden), Gates = Orders[order], ResetsLate = resetsLate, IsReverse = isReverse,
                Peepholes = kind == RecurrentKind.Lstm && isReverse ? f.Constant(directions, 3 * Hidden) : null,
            };
            RecurrentResult result = RecurrentNetwork.Of(f.Emitter, layer);
            Assert.Equal(kind == RecurrentKind.Lstm, result.LastCell is not null);
            (Numbers all, Numbers last, Numbers cells) = Plain(f, layer);
            if (asked == 0)
                f.Gives(all, result.All!);
            else if (asked == 1)
                f.Gives(last, result.Last);
            else if (result.LastCell is { } cell)
                f.Gives(cells, cell);
        }
    }

    /// <summary>PyTorch's proj_size: the state is a product of what an LSTM gives and a matrix.</summary>
    [Fact]
    public void A_projected_state_is_what_the_next_step_sees()
    {
        const int narrow = 2;
        FormulaGraph f = new();
        RecurrentLayer layer = new(RecurrentKind.Lstm, f.Input(Steps, Batch, Width), f.Constant(1, 4 * Hidden, Width),
            f.Constant(1, 4 * Hidden, narrow))
        {
            Bias = f.Constant(1, 8 * Hidden), Projection = f.Constant(1, narrow, Hidden), InitialState = f.Constant(1, Batch, narrow),
        };
        (Numbers x, Numbers w, Numbers r, Numbers b, Numbers p) =
            (f.Of(layer.X), f.Of(layer.InputWeights), f.Of(layer.StateWeights), f.Of(layer.Bias), f.Of(layer.Projection));
        double[,] h = new double[Batch, narrow], c = new double[Batch, Hidden];
        Numbers all = new([Steps, 1, Batch, narrow], new double[Steps * Batch * narrow]);
        for (int n = 0; n < Batch; n++)
            for (int k = 0; k < narrow; k++)
                h[n, k] = f.Of(layer.InitialState)[0, n, k];
        for (int t = 0; t < Steps; t++)
            for (int n = 0; n < Batch; n++)
            {
                double[] given = [.. Enumerable.Range(0, Hidden).Select(unit =>
                {
                    double Gate(int gate) => b[0, (gate * Hidden) + unit] + b[0, ((4 + gate) * Hidden) + unit]
                        + Enumerable.Range(0, Width).Sum(i => w[0, (gate * Hidden) + unit, i] * x[t, n, i])
                        + Enumerable.Range(0, narrow).Sum(k => r[0, (gate * Hidden) + unit, k] * h[n, k]);
                    c[n, unit] = (Sigmoid(Gate(1)) * c[n, unit]) + (Sigmoid(Gate(0)) * Math.Tanh(Gate(2)));
                    return Sigmoid(Gate(3)) * Math.Tanh(c[n, unit]);
                })];
                for (int k = 0; k < narrow; k++)
                    all.Values[(((t * Batch) + n) * narrow) + k] = h[n, k] = given.Select((v, unit) => p[0, k, unit] * v).Sum();
            }
        f.Gives(all, RecurrentNetwork.Of(f.Emitter, layer).All!);
    }

    [Fact]
    public void A_long_sequence_becomes_one_operator_and_a_finding_says_so()
    {
        FormulaGraph f = new();
        RecurrentLayer layer = new(RecurrentKind.Lstm, f.Input(600, 1, Width), f.Constant(1, 4 * Hidden, Width),
            f.Constant(1, 4 * Hidden, Hidden)) { WantsCell = false };
        RecurrentResult result = RecurrentNetwork.Of(f.Emitter, layer);
        Assert.Contains(f.Build(result.All!).Nodes, static node => node.Operator is UnidirectionalSequenceLstm);
        Finding finding = Assert.Single(f.Emitter.Findings);
        Assert.Equal(("test-recurrent-state", "test.operator", "node"), (finding.RuleId, finding.Operator, finding.Source.NodeName));
        Assert.Contains("600 steps", Assert.Throws<UnsupportedOperatorException>(
            () => RecurrentNetwork.Of(f.Emitter, layer with { WantsCell = true })).Message);
    }

    private static (Numbers All, Numbers Last, Numbers Cells) Plain(FormulaGraph f, RecurrentLayer layer)
    {
        int directions = layer.Directions;
        Numbers x = f.Of(layer.X), w = f.Of(layer.InputWeights), r = f.Of(layer.StateWeights), b = f.Of(layer.Bias!);
        Numbers all = new([Steps, directions, Batch, Hidden], new double[Steps * directions * Batch * Hidden]);
        Numbers h = new([directions, Batch, Hidden], [.. f.Of(layer.InitialState!).Values]),
            c = new([directions, Batch, Hidden], [.. f.Of(layer.InitialCell!).Values]);
        for (int d = 0; d < directions; d++)
            for (int step = 0; step < Steps; step++)
            {
                int t = layer.IsReverse || d == 1 ? Steps - 1 - step : step;
                for (int n = 0; n < Batch; n++)
                {
                    double[] before = [.. Enumerable.Range(0, Hidden).Select(unit => h[d, n, unit])];
                    double[] next = [.. Enumerable.Range(0, Hidden).Select(unit => Unit(f, layer, x, w, r, b, c, before, d, t, n, unit))];
                    for (int unit = 0; unit < Hidden; unit++)
                    {
                        h.Values[(((d * Batch) + n) * Hidden) + unit] = next[unit];
                        all.Values[(((((t * directions) + d) * Batch) + n) * Hidden) + unit] = next[unit];
                    }
                }
            }
        return (all, h, c);
    }

    private static double Unit(FormulaGraph f, RecurrentLayer layer, Numbers x, Numbers w, Numbers r, Numbers b, Numbers c, double[] h,
        int d, int t, int n, int unit)
    {
        int gates = layer.GateCount;
        double In(int gate) => b[d, (gate * Hidden) + unit]
            + Enumerable.Range(0, Width).Sum(i => w[d, (gate * Hidden) + unit, i] * x[t, n, i]);
        double StateOf(int gate, Func<int, double> state) => b[d, ((gates + gate) * Hidden) + unit]
            + Enumerable.Range(0, Hidden).Sum(i => r[d, (gate * Hidden) + unit, i] * state(i));
        double State(int gate) => StateOf(gate, i => h[i]);
        switch (layer.Kind)
        {
            case RecurrentKind.Simple:
                return Math.Tanh(In(0) + State(0));
            case RecurrentKind.Gru:
            {
                (int z, int reset, int candidate) = layer.Gates.Gru;
                double ResetOf(int i) => Sigmoid(b[d, (reset * Hidden) + i] + b[d, ((gates + reset) * Hidden) + i]
                    + Enumerable.Range(0, Width).Sum(k => w[d, (reset * Hidden) + i, k] * x[t, n, k])
                    + Enumerable.Range(0, Hidden).Sum(k => r[d, (reset * Hidden) + i, k] * h[k]));
                double proposed = Math.Tanh(In(candidate) + (layer.ResetsLate ? ResetOf(unit) * State(candidate)
                    : StateOf(candidate, i => ResetOf(i) * h[i])));
                double update = Sigmoid(In(z) + State(z));
                return ((1 - update) * proposed) + (update * h[unit]);
            }
            default:
            {
                (int input, int forget, int cell, int output) = layer.Gates.Lstm;
                double Seen(int part, double of) =>
                    layer.Peepholes is { } p ? f.Of(p)[d, (part * Hidden) + unit] * of : 0;
                double old = c[d, n, unit];
                double next = (Sigmoid(In(forget) + State(forget) + Seen(2, old)) * old)
                    + (Sigmoid(In(input) + State(input) + Seen(0, old)) * Math.Tanh(In(cell) + State(cell)));
                c.Values[(((d * Batch) + n) * Hidden) + unit] = next;
                return Sigmoid(In(output) + State(output) + Seen(1, next)) * Math.Tanh(next);
            }
        }
    }

    private static double Sigmoid(double v) => 1 / (1 + Math.Exp(-v));
}
