using System.Globalization;

namespace EthosU.LanguageServer.Hosting;

/// <summary>The server's log: lines on standard error, which the editor shows in the extension's output channel.</summary>
/// <param name="writer">Where lines go.</param>
internal sealed class ServerLog(TextWriter writer)
{
    private readonly Lock gate = new();
    private int bugs;

    /// <summary>Something worth knowing.</summary>
    public void Info(string area, string message) => Write("info", area, message);

    /// <summary>Something that went wrong.</summary>
    public void Error(string area, string message) => Write("error", area, message);

    /// <summary>Writes an exception that should not have happened; returns the reference under which it stands.</summary>
    public string Bug(string area, Exception exception)
    {
        string reference = string.Create(CultureInfo.InvariantCulture, $"bug-{Environment.ProcessId}-{Interlocked.Increment(ref bugs)}");
        Write("error", area, $"{reference}: {exception}");
        return reference;
    }

    private void Write(string level, string area, string message)
    {
        lock (gate)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{DateTime.Now:HH:mm:ss.fff} [{level}] {area}: {message}\n"));
            writer.Flush();
        }
    }
}
