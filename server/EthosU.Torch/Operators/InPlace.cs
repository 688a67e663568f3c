using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;
using EthosU.Torch.Import;

namespace EthosU.Torch.Operators;

/// <summary>Operators that change their first operand: the same as functions, and then what they give is written there.</summary>
internal static class InPlace
{
    /// <summary>The importer of the in-place form of an operator.</summary>
    public static Action<ProgramContext> Of(Action<ProgramContext> function) => c =>
    {
        function(c);
        if (c.GivenResults is not [{ } result])
            throw new UnsupportedOperatorException("Its form in place cannot be expressed.", "Use the form that gives a new tensor.");
        Write(c, result.Read(c));
    };

    /// <summary>Writes into the first operand, and gives it.</summary>
    public static void Write(ProgramContext c, Tensor changed)
    {
        string first = c.Node.Inputs.Length > 0 ? c.Node.Inputs[0].Name : "";
        Value target = c.Operand(first);
        if (target.Storage.Form is not null)
            throw new UnsupportedOperatorException("It changes quantized integers in place.", "Change them as real numbers.");
        Tensor was = target.Read(c);
        if (target.Storage.Qualified is { } qualified)
            c.Changed.Add(qualified);
        target.Write(c, Movement.Expand(c, c.Convert(changed, was.Type), was.Shape));
        c.ClearResults();
        c.Result(target);
    }
}
