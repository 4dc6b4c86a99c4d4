using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Dataplane.Integration.KubernetesSessions;

/// <summary>A bash that keeps its variables from command to command; what it has started ends with it.</summary>
internal sealed class SessionShell : IDisposable
{
    /// <summary>Of one command: a client that hangs is no passing test.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const string Mark = "\u0001";

    private readonly Process _bash;

    /// <param name="folder">Where it is, and its user's home.</param>
    public SessionShell(string folder, IEnumerable<(string Name, string Value)> variables)
    {
        // The leader of a session is that of a group as well, by which all of it can be ended.
        var start = new ProcessStartInfo("setsid", ["bash", "--noprofile", "--norc"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["HOME"] = folder;
        start.Environment["TZ"] = "UTC";
        foreach (var (name, value) in variables) start.Environment[name] = value;
        _bash = Process.Start(start)!;
        _bash.StandardInput.WriteLine("exec 2>&1");
    }

    /// <summary>Runs a command to its end, with nothing on its standard input.</summary>
    /// <exception cref="TimeoutException">It does not end; what it has printed is in the message.</exception>
    public async Task<(string Output, int ExitCode)> RunAsync(IEnumerable<string> command, CancellationToken stop)
    {
        var text = string.Join('\n', command);
        await _bash.StandardInput.WriteAsync($"{{ {text}\n}} </dev/null\nprintf '{Mark}%d\\n' $?\n");
        await _bash.StandardInput.FlushAsync(stop);
        var said = new StringBuilder();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        try
        {
            while (await _bash.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                var end = line.IndexOf(Mark, StringComparison.Ordinal);
                if (end < 0)
                {
                    said.Append(line).Append('\n');
                    continue;
                }
                said.Append(line.AsSpan(0, end));
                return (said.ToString(), int.Parse(line.AsSpan(end + 1), CultureInfo.InvariantCulture));
            }
            throw new InvalidOperationException($"the shell has ended in: {text}\n{said}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException($"does not end: {text}\n{said}");
        }
    }

    public void Dispose()
    {
        Tool.Run("bash", "-c", $"kill -KILL -- -{_bash.Id}");
        _bash.WaitForExit();
        _bash.Dispose();
    }
}
