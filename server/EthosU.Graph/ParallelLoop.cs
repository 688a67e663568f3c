using System.Runtime.ExceptionServices;

namespace EthosU.Graphs;

/// <summary>
/// Loops on all cores whose failures come out as they are, and not wrapped: callers tell a bad model from a bug by the exception's type.
/// </summary>
public static class ParallelLoop
{
    /// <summary>Runs the body for each number of <c>[0, count)</c>.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="Exception">Whatever the body threw; if several threw, one of them, and a cancellation only if all were.</exception>
    public static void For(int count, Action<int> body, CancellationToken cancellation = default) =>
        Unwrapped(() => Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation }, body));

    /// <summary>Runs the body for each item.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="Exception">Whatever the body threw; if several threw, one of them, and a cancellation only if all were.</exception>
    public static void ForEach<T>(IEnumerable<T> items, Action<T> body, CancellationToken cancellation = default) =>
        Unwrapped(() => Parallel.ForEach(items, new ParallelOptions { CancellationToken = cancellation }, body));

    private static void Unwrapped(Action loop)
    {
        try
        {
            loop();
        }
        catch (AggregateException e) when (e.InnerExceptions.Count > 0)
        {
            ExceptionDispatchInfo
                .Throw(e.InnerExceptions.FirstOrDefault(static inner => inner is not OperationCanceledException) ?? e.InnerExceptions[0]);
        }
    }
}
