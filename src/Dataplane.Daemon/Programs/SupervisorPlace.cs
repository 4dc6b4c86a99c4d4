using System.Net.Sockets;
using Dataplane.Daemon.Configuration;
using Dataplane.Linux.Namespaces;
using Dataplane.Runtime.Supervision;
using Dataplane.Runtime.Supervision.Client;

namespace Dataplane.Daemon.Programs;

/// <summary>Where the supervisor of a node is, and how it is found or started. It outlives the daemon.</summary>
public static class SupervisorPlace
{
    private const string Sockets = "/run/dataplane";

    /// <summary>The socket of a node's supervisor, whether there is one or not.</summary>
    public static string SocketOf(string node) => $"{Sockets}/{node}.programs";

    /// <summary>What a supervisor keeps, and the logs of containers.</summary>
    internal static SupervisorFiles Files(DaemonOptions options) => new($"{options.StateDirectory}/programs");

    /// <summary>Whether there may be one, or it can be started: it lives in the node's network.</summary>
    internal static bool IsPossible(DaemonOptions options) =>
        options.IsHost || Netns.List().Contains(options.NodeName);

    /// <summary>A connection to the supervisor that is there, or to a new one.</summary>
    /// <exception cref="IOException">It does not start, or does not answer; the message says why.</exception>
    internal static async Task<SupervisorClient> ConnectAsync(DaemonOptions options, CancellationToken stop)
    {
        var socket = SocketOf(options.NodeName);
        try
        {
            return await SupervisorClient.ConnectAsync(socket, stop);
        }
        catch (SocketException)
        {
            Directory.CreateDirectory(Sockets);
            await SupervisorProcess.StartAsync(options.Supervisor, Files(options).Directory, socket,
                options.IsHost ? null : options.NodeName, GroupOf(options.NodeName), stop);
        }
        try
        {
            return await SupervisorClient.ConnectAsync(socket, stop);
        }
        catch (SocketException e)
        {
            throw new IOException($"the supervisor does not answer: {e.Message}", e);
        }
    }

    /// <summary>Ends the programs of a node, and their supervisor.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="IOException">It does not end.</exception>
    public static async Task<bool> EndAsync(string node, CancellationToken stop)
    {
        if (!File.Exists(SocketOf(node))) return false;
        try
        {
            await using var client = await SupervisorClient.ConnectAsync(SocketOf(node), stop);
            await client.EndAsync(stop);
        }
        catch (SocketException)
        {
            // Nobody listens.
            File.Delete(SocketOf(node));
            return false;
        }
        return true;
    }

    /// <summary>The control group in which those of a node's containers are.</summary>
    private static string GroupOf(string node) => $"dataplane-{node}";
}
