using System.ComponentModel;
using System.Diagnostics;

namespace Dataplane.Runtime.Supervision.Client;

/// <summary>Starts a supervisor that outlives who starts it.</summary>
public static class SupervisorProcess
{
    /// <summary>The name of the program.</summary>
    public const string FileName = "dataplane-supervisor";

    /// <summary>What it says when it listens.</summary>
    public const string Listening = "listening";

    /// <summary>The program beside that of this process.</summary>
    public static string Beside => Path.Combine(Path.GetDirectoryName(Environment.ProcessPath!)!, FileName);

    /// <returns>When it listens on its socket.</returns>
    /// <param name="program">Its path.</param>
    /// <param name="directory">Of its files, <see cref="SupervisorFiles"/>; made where it is missing.</param>
    /// <param name="socket">At most 107 bytes.</param>
    /// <param name="netns">The namespace that probes come from: a name, or a path; null: that of this process.</param>
    /// <param name="cgroup">The name of the control group in which those of containers are made.</param>
    /// <exception cref="IOException">It does not start, such as where another one has the directory; the message says
    /// why.</exception>
    public static async Task StartAsync(string program, string directory, string socket, string? netns, string cgroup,
        CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, ["run", "--directory", directory, "--socket", socket, "--cgroup",
            cgroup, .. netns is null ? (string[])[] : ["--netns", netns]])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        // It has nothing to say to the daemon's service manager.
        start.Environment.Remove("NOTIFY_SOCKET");
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var said = await process.StandardOutput.ReadLineAsync(cancellation);
            if (said == Listening) return;
            var error = await process.StandardError.ReadLineAsync(cancellation);
            throw new IOException($"the supervisor does not start: {error ?? said ?? "it says nothing"}");
        }
        catch (Win32Exception e)
        {
            throw new IOException($"the supervisor does not start: {e.Message}", e);
        }
    }
}
