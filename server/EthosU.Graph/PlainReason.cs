namespace EthosU.Graphs;

/// <summary>
/// What an exception says to people. Messages of .NET's own library speak of its arrays, keys and parameters; what they are about is said
/// in the engine's words, and nothing where those would be as empty.
/// </summary>
public static class PlainReason
{
    private const string Own = "EthosU";

    /// <summary>The reason without a full stop at its end.</summary>
    public static string Of(Exception e)
    {
        if (e is InvalidGraphException || e.Source?.StartsWith(Own, StringComparison.Ordinal) == true)
            return e is ArgumentException { ParamName: { } name } ? e.Message.Split($" (Parameter '{name}')", 2)[0] : e.Message;
        return e switch
        {
            OverflowException => "a number is too large",
            DivideByZeroException => "it divides by zero",
            ArithmeticException => "it computes with what is no number",
            OutOfMemoryException => "it needs more memory than there is",
            IndexOutOfRangeException or ArgumentOutOfRangeException => "a list is shorter than is expected, or a number points outside",
            _ => "a list, a number or a type is not what is expected",
        };
    }
}
