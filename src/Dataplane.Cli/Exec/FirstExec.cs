using Dataplane.Api;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Exec;

/// <summary>
/// Says once for each start of a daemon, at the first <c>exec</c>, that images do not run. A file beside the socket
/// records that it was said; the daemon removes it when it starts.
/// </summary>
internal static class FirstExec
{
    /// <param name="pod">The pod of this exec, for the example.</param>
    public static void Tell(Shell shell, string socket, string pod)
    {
        var told = socket + ApiPaths.ToldSuffix;
        if (File.Exists(told)) return;
        shell.Error.WriteLine($"note: the image of {pod} does not run: a pod is a network namespace, in which only "
            + $"programs run that exec starts; to serve a port: sudo dataplane exec {pod} -- nc -lk PORT");
        try
        {
            // No link is followed, and no file of others is emptied.
            using var made = new FileStream(told, FileMode.CreateNew);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The note is printed again next time.
        }
    }
}
