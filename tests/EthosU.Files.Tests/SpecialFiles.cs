using System.Diagnostics;
using System.Net.Sockets;
using EthosU.Testing;
using Xunit;

namespace EthosU.Files.Tests;

/// <summary>Makes what is no regular file.</summary>
internal static class SpecialFiles
{
    /// <summary>A path of each kind that must neither be read nor replaced.</summary>
    public static string[] In(TemporaryFolder folder)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "these are kinds of files of Unix");
        string pipe = folder.File("pipe"), socket = folder.File("socket"), link = folder.File("link-to-device");
        using (Process process = Process.Start("mkfifo", [pipe]))
            process.WaitForExit();
        using (Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // The name stays when the socket is closed only if it is not unlinked; .NET unlinks what it bound, so a hard link keeps it.
            listener.Bind(new UnixDomainSocketEndPoint(folder.File("bound")));
            using Process process = Process.Start("ln", [folder.File("bound"), socket]);
            process.WaitForExit();
        }
        File.CreateSymbolicLink(link, "/dev/zero");
        return [pipe, socket, link, "/dev/zero", "/dev/null"];
    }
}
