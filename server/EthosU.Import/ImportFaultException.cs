namespace EthosU.Import;

/// <summary>
/// An importer failed where it should have said what is wrong with the model, or where nothing is: a bug of this program. It is no
/// <see cref="EthosU.Graphs.ModelFormatException"/>, so that nobody looks for it in the file.
/// </summary>
/// <param name="at">The operator whose importer failed.</param>
/// <param name="inner">How it failed.</param>
public sealed class ImportFaultException(SourceOperator at, Exception inner)
    : Exception($"the import of {at.Type} '{at.Source}' failed ({inner.GetType().Name}: {inner.Message})", inner)
{
    /// <summary>The operator whose importer failed.</summary>
    public SourceOperator Operator { get; } = at;
}
