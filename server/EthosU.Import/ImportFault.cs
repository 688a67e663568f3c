using EthosU.Graphs;

namespace EthosU.Import;

/// <summary>
/// Tells apart, of what is thrown while an operator is imported, what the engine's checks say of the model and what an importer did wrong.
/// </summary>
public static class ImportFault
{
    private const string Own = "EthosU";

    /// <summary>
    /// True if the exception says what is wrong with the model: a check of the engine threw it on purpose, or a number left its range where
    /// the engine watches over it.
    /// </summary>
    public static bool IsOfModel(Exception e) => e is InvalidGraphException or OverflowException
        || (e is ArgumentException or InvalidOperationException && e.Source?.StartsWith(Own, StringComparison.Ordinal) == true);

    /// <summary>True if the exception is a slip that no check foresaw, and so a bug of the importer.</summary>
    public static bool IsOfImporter(Exception e) => !IsOfModel(e)
        && e is ArgumentException or ArithmeticException or ArrayTypeMismatchException or FormatException or IndexOutOfRangeException
            or InvalidCastException or InvalidOperationException or KeyNotFoundException or NotSupportedException or NullReferenceException
            or RankException or System.Runtime.CompilerServices.SwitchExpressionException or InsufficientExecutionStackException;
}
