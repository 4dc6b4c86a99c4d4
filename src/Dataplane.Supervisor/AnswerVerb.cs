using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Runtime.Answering;
using Dataplane.Runtime.Launching;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Supervisor;

/// <summary><c>answer</c>: takes the place of a program that a container does not have. It opens its ports with the
/// privileges that low ones need, and reads the first packet as nobody.</summary>
internal static class AnswerVerb
{
    /// <param name="arguments">The pod, as <c>namespace/name</c>, and ports such as <c>tcp:80</c>.</param>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        using var end = new ManualResetEventSlim();
        // A pod that is deleted has done its work.
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            end.Set();
        });
        try
        {
            using var responder = new Responder(
                arguments[0], Ports(arguments[1..], "tcp:"), Ports(arguments[1..], "udp:"));
            Unprivileged.Become();
            responder.Start();
            // It answers from now on.
            new SafeFileHandle(Launcher.StatusDescriptor, ownsHandle: true).Dispose();
            end.Wait();
            return 0;
        }
        catch (Exception e) when (e is SocketException or LinuxException)
        {
            return Launcher.Fail($"the ports cannot be answered on: {e.Message}");
        }
    }

    private static List<int> Ports(ReadOnlySpan<string> arguments, string prefix)
    {
        var ports = new List<int>();
        foreach (var argument in arguments)
        {
            if (argument.StartsWith(prefix, StringComparison.Ordinal))
                ports.Add(int.Parse(argument.AsSpan(prefix.Length), CultureInfo.InvariantCulture));
        }
        return ports;
    }
}
