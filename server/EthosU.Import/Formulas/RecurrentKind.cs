namespace EthosU.Import.Formulas;

/// <summary>Kinds of recurrent cells.</summary>
public enum RecurrentKind
{
    /// <summary>One gate: h' = f(W x + R h + b).</summary>
    Simple,

    /// <summary>Three gates: update, reset, candidate.</summary>
    Gru,

    /// <summary>Four gates: input, forget, cell, output; and a cell state.</summary>
    Lstm,
}
