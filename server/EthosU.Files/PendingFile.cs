namespace EthosU.Files;

/// <summary>A file under a temporary name beside the one that it will be. Deleted unless it is kept.</summary>
public sealed class PendingFile : IDisposable
{
    private readonly string path;
    private readonly string target;
    private readonly string temporary;
    private FileStream? stream;
    private bool pending;

    /// <summary>Creates the file.</summary>
    /// <exception cref="IOException">It cannot be written there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written there.</exception>
    public PendingFile(string path)
    {
        OutputFile.Check(path);
        this.path = path;
        target = OutputFile.TargetOf(Path.GetFullPath(path));
        temporary = $"{target}.{Environment.ProcessId:x}{Random.Shared.Next():x}.tmp";
        try
        {
            stream = new(temporary, FileMode.CreateNew, FileAccess.Write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: cannot be written ({e.Message})", e);
        }
        pending = true;
    }

    /// <summary>Its content, open at its end.</summary>
    /// <exception cref="IOException">It was closed, and cannot be opened again.</exception>
    public FileStream Stream => stream ??= new(temporary, FileMode.Append, FileAccess.Write);

    /// <summary>Closes the file until more is written: a program can have only so many files open.</summary>
    public void Close()
    {
        stream?.Dispose();
        stream = null;
    }

    /// <summary>Closes the file and gives it its name; a file of that name is replaced, by one of the same owner and mode.</summary>
    /// <exception cref="IOException">That fails; the file of that name is as it was.</exception>
    public void Keep()
    {
        Close();
        try
        {
            FileStatus old = FileStatus.Of(target);
            if (old.Kind is not (FileKind.Regular or FileKind.Missing))
                throw new IOException($"there is {old.Kind.WithArticle()} of that name now");
            if (old.Kind == FileKind.Missing || Resemble(old))
                File.Move(temporary, target, overwrite: true);
            else
                CopyOver();
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
        Close();
        if (pending)
            File.Delete(temporary);
        pending = false;
    }

    /// <summary>Gives the new file the old one's owner and mode; false if the system does not allow that.</summary>
    private bool Resemble(FileStatus old)
    {
        if (OperatingSystem.IsWindows())
            return true;
        if (old.Owner is { } owner && owner != FileStatus.Of(temporary).Owner
            && NativeMethods.ChangeOwner(temporary, owner.User, owner.Group) != 0)
            return false;
        File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
        return true;
    }

    /// <summary>Writes the complete content into somebody else's file, which stays theirs.</summary>
    private void CopyOver()
    {
        using (FileStream from = File.OpenRead(temporary))
        using (FileStream to = new(target, FileMode.Open, FileAccess.Write))
        {
            from.CopyTo(to);
            to.SetLength(from.Length);
        }
        File.Delete(temporary);
    }
}
