using System.Diagnostics;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Node.Layout;

namespace Dataplane.Bench;

/// <summary>A network namespace with a name, for programs to be run in.</summary>
internal sealed class ScratchNetns : IDisposable
{
    private readonly Netns _netns = Netns.Create(RunName.Next());

    /// <param name="input">A file for its standard input; null: none.</param>
    /// <exception cref="InvalidOperationException">It failed; its reason is on stderr.</exception>
    public void Run(string? input, string program, params string[] arguments)
    {
        // nsenter becomes the program; `ip netns exec` would mount a sysfs first, and be measured with it.
        var inside = new ProcessStartInfo("nsenter", [$"--net={Yardsticks.File(_netns)}",
            .. input is null ? Array.Empty<string>() : ["sh", "-c", "exec \"$@\" < \"$0\"", input], program,
            .. arguments]);
        using var process = Process.Start(inside)!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }

    public NetlinkSocket Open(int protocol) => NetlinkSocket.Open(protocol, _netns);

    public void Dispose()
    {
        _netns.Dispose();
        Netns.Delete(_netns.Name!);
    }
}
