namespace EthosU.Pipeline;

/// <summary>A file under a temporary name beside the one that it will be. Deleted unless it is kept.</summary>
internal sealed class PendingFile : IDisposable
{
    private readonly string path;
    private readonly string temporary;
    private bool pending;

    /// <summary>Creates the file.</summary>
    /// <exception cref="IOException">It cannot be written there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written there.</exception>
    public PendingFile(string path)
    {
        OutputFile.Check(path);
        this.path = path;
        temporary = $"{path}.{Environment.ProcessId:x}{Random.Shared.Next():x}.tmp";
        try
        {
            Stream = new(temporary, FileMode.CreateNew, FileAccess.Write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: cannot be written ({e.Message})", e);
        }
        pending = true;
    }

    /// <summary>Its content.</summary>
    public FileStream Stream { get; }

    /// <summary>Closes the file and gives it its name; a file of that name is replaced.</summary>
    /// <exception cref="IOException">That fails; the file of that name is as it was.</exception>
    public void Keep()
    {
        Stream.Dispose();
        try
        {
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: cannot be replaced ({e.Message})", e);
        }
        pending = false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stream.Dispose();
        if (pending)
            File.Delete(temporary);
        pending = false;
    }
}
