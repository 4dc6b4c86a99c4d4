using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Dataplane.Cli.Terminal;
using Dataplane.Dns.Serving;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;

namespace Dataplane.Cli.Operation;

/// <summary>
/// <c>dns-server</c>: the name server of the cluster, which the daemon starts in a pod. It opens port 53 and the socket
/// of its feed as root, and reads the first packet as nobody.
/// </summary>
internal static class DnsServerCommand
{
    public static Command BuildHidden(Shell shell)
    {
        var addresses = new Option<string[]>("--address") { HelpName = "IP", Required = true };
        var feed = new Option<string>("--feed") { HelpName = "PATH", Required = true };
        var upstreams = new Option<string[]>("--upstream") { HelpName = "IP[:PORT]" };
        var netns = new Option<string>("--netns") { HelpName = "NAME" };
        var limit = new Option<int>("--limit") { HelpName = "N", DefaultValueFactory = _ => DnsServer.DefaultLimit };
        var command = new Command("dns-server") { Hidden = true };
        foreach (var option in (Option[])[addresses, feed, upstreams, netns, limit]) command.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            Privilege.Require(shell, "dns-server");
            if (parsed.GetValue(netns) is { } name) Enter(name, parsed);
            using var server = Open(
                [.. parsed.GetRequiredValue(addresses).Select(a => EndPoint(a, "--address"))],
                parsed.GetRequiredValue(feed),
                [.. (parsed.GetValue(upstreams) ?? []).Select(a => EndPoint(a, "--upstream"))],
                parsed.GetValue(limit));
            Unprivileged.Become();
            server.Start();
            shell.Out.WriteLine("answering");
            shell.Out.Flush();
            await Task.Delay(Timeout.Infinite, cancellation);
            return ExitCodes.Yes;
        });
        return command;
    }

    /// <summary>Begins again in a network namespace, as a process of nobody's.</summary>
    [DoesNotReturn]
    private static void Enter(string netns, ParseResult parsed)
    {
        OwnSession.Begin();
        var arguments = parsed.Tokens.Select(t => t.Value).ToList();
        arguments.RemoveRange(arguments.IndexOf("--netns"), 2);
        try
        {
            // These it gives up itself.
            NetnsExec.Become(netns, CapabilitySet.OfNameServer, [Environment.ProcessPath!, .. arguments],
                withFiles: false, forGood: true);
        }
        catch (LinuxException e)
        {
            throw new CommandFailure(ExitCodes.Kernel, e.Message);
        }
    }

    private static DnsServer Open(IPEndPoint[] addresses, string feed, IPEndPoint[] upstreams, int limit)
    {
        try
        {
            return new DnsServer(addresses, feed, upstreams, limit);
        }
        catch (SocketException e)
        {
            throw new CommandFailure(ExitCodes.Kernel,
                $"cannot answer at {string.Join(", ", addresses.AsEnumerable())}, or listen at {feed}: {e.Message}");
        }
    }

    /// <summary>Port 53 where none is said.</summary>
    private static IPEndPoint EndPoint(string text, string option) => IPEndPoint.TryParse(text, out var parsed)
        ? new IPEndPoint(parsed.Address, parsed.Port == 0 ? DnsServer.Port : parsed.Port)
        : throw new CommandFailure(ExitCodes.Usage, $"{option} {text}: not an address");
}
