using Dataplane.Cli.Terminal;
using SharpPcap;

namespace Dataplane.Cli.Capture;

/// <summary>libpcap, which is no part of the program: the machine has it, or not.</summary>
internal static class PcapLibrary
{
    /// <summary>
    /// To be asked before anything else of SharpPcap is touched, which would fail in words for programmers.
    /// </summary>
    /// <param name="purpose">What it is needed for, such as <c>--filter</c>.</param>
    /// <exception cref="CommandFailure">It is missing.</exception>
    public static void Require(string purpose)
    {
        // 0.0 is how SharpPcap says that no library of any of its names can be loaded (libpcap.so, .so.0, .so.0.8,
        // .so.1).
        if (Pcap.LibpcapVersion == new Version())
        {
            const string Remedy = "which is not installed: apt-get install libpcap0.8 (Fedora: libpcap)";
            throw new CommandFailure(ExitCodes.Usage, $"{purpose} needs libpcap, {Remedy}");
        }
    }

    /// <summary>libpcap's own words, without SharpPcap's in front of them.</summary>
    public static string Words(PcapException failure)
    {
        const string Prefix = "Unable to open offline adapter: ";
        var message = failure.Message;
        return message.StartsWith(Prefix, StringComparison.Ordinal) ? message[Prefix.Length..] : message;
    }
}
