namespace EthosU.Pipeline;

/// <summary>Checks paths that a user gave before they are opened, so that the message is the user's and not the operating system's.</summary>
internal static class InputFile
{
    /// <summary>Refuses what is not a file.</summary>
    /// <param name="path">The path as the user gave it.</param>
    /// <param name="what">What it should be, such as <c>an ONNX model (.onnx)</c>.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static void Require(string path, string what)
    {
        if (Directory.Exists(path))
            throw new FileNotFoundException($"{path}: this is a folder; name the file in it that is {what}", path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: there is no such file; {what} was expected (the path starts from {Environment.CurrentDirectory})", path);
    }

    /// <summary>Refuses what is neither a file nor a folder.</summary>
    /// <exception cref="FileNotFoundException">There is nothing of that name.</exception>
    public static void RequireFileOrFolder(string path, string what)
    {
        if (!Path.Exists(path))
            throw new FileNotFoundException($"{path}: there is no such file or folder; {what} was expected (the path starts from {Environment.CurrentDirectory})", path);
    }
}
