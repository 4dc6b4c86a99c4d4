using Dataplane.Cli.Terminal;
using SharpPcap;

namespace Dataplane.Cli.Capture;

/// <summary>Looks for libpcap, an optional library of the system.</summary>
internal static class PcapLibrary
{
    /// <summary>
    /// Must be called before any other use of SharpPcap, whose own error for a missing library is unreadable for users.
    /// </summary>
    /// <param name="purpose">The feature that needs libpcap, such as <c>--filter</c>.</param>
    /// <exception cref="CommandFailure">libpcap is missing.</exception>
    public static void Require(string purpose)
    {
        // SharpPcap reports version 0.0 if no library of its names can be loaded (libpcap.so, .so.0, .so.0.8, .so.1).
        if (Pcap.LibpcapVersion == new Version())
        {
            const string Remedy = "which is not installed: apt-get install libpcap0.8 (Fedora: libpcap)";
            throw new CommandFailure(ExitCodes.Usage, $"{purpose} needs libpcap, {Remedy}");
        }
    }

    /// <summary>The error message of libpcap without the prefix of SharpPcap.</summary>
    public static string Words(PcapException failure)
    {
        const string Prefix = "Unable to open offline adapter: ";
        var message = failure.Message;
        return message.StartsWith(Prefix, StringComparison.Ordinal) ? message[Prefix.Length..] : message;
    }
}
