using System.Diagnostics;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
namespace Dataplane.Integration.Capture;

/// <summary>
/// <c>left eth0 ---- eth0 right</c>, in two namespaces of generated names: 10.99.0.1 and 10.99.0.2, fd99::1 and
/// fd99::2, permanent neighbours. And <c>alone</c>, which is connected to nothing: what is ever seen there is an error
/// of ours.
/// </summary>
internal sealed class VethPair : IDisposable
{
    public static readonly InterfaceIndex LeftIndex = new(10), RightIndex = new(20);

    private static int counter;
    private readonly string _name = $"dpt-{Environment.ProcessId}-cap{Interlocked.Increment(ref counter)}";

    public VethPair()
    {
        try
        {
            Left = Netns.Create(_name + "l");
            Right = Netns.Create(_name + "r");
            Alone = Netns.Create(_name + "a");
            Ip($"-n {_name}l link add eth0 index {LeftIndex} address {LeftMac} type veth peer name eth0 index "
                + $"{RightIndex} address {RightMac} netns {_name}r");
            Side('l', '1', '2', RightMac);
            Side('r', '2', '1', LeftMac);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Netns Left { get; } = null!;

    public Netns Right { get; } = null!;

    public Netns Alone { get; } = null!;

    public static MacAddress LeftMac { get; } = MacAddress.Parse("02:00:00:00:00:01");

    public static MacAddress RightMac { get; } = MacAddress.Parse("02:00:00:00:00:02");

    /// <summary>A probe from left to right; to port 80 unless it is ICMP.</summary>
    public static ProbeSpec Probe(IpProtocol protocol, bool v6, uint id)
    {
        var icmp = protocol is IpProtocol.Icmp or IpProtocol.Icmpv6;
        var source = IpAddressValue.Parse(v6 ? "fd99::1" : "10.99.0.1");
        var destination = IpAddressValue.Parse(v6 ? "fd99::2" : "10.99.0.2");
        return new ProbeSpec(LeftMac, RightMac,
            new ProbeIdentity(id, protocol, source, destination, (ushort)(icmp ? 0 : 40000), (ushort)(icmp ? 0 : 80)));
    }

    public static TheoryData<IpProtocol, bool> AllProbes => new()
    {
        { IpProtocol.Tcp, false }, { IpProtocol.Udp, false }, { IpProtocol.Sctp, false }, { IpProtocol.Icmp, false },
        { IpProtocol.Tcp, true }, { IpProtocol.Udp, true }, { IpProtocol.Sctp, true }, { IpProtocol.Icmpv6, true },
    };

    /// <summary>Runs nft commands inside left (<c>l</c>) or right (<c>r</c>).</summary>
    public void Nft(char side, string commands) => Run("ip", ["netns", "exec", _name + side, "nft", commands]);

    public void LinkDown(char side) => Ip($"-n {_name}{side} link set eth0 down");

    public void Dispose()
    {
        foreach (var (side, netns) in new[] { ('l', Left), ('r', Right), ('a', Alone) })
        {
            netns?.Dispose();
            Netns.Delete(_name + side);
        }

        ThreadHome.AssertAllHome();
    }

    private void Side(char side, char mine, char other, MacAddress mac)
    {
        var ip = $"-n {_name}{side}";
        Ip($"{ip} link set lo up");
        Ip($"{ip} address add 10.99.0.{mine}/24 dev eth0");
        Ip($"{ip} address add fd99::{mine}/64 dev eth0 nodad");
        Ip($"{ip} link set eth0 up addrgenmode none");
        Ip($"{ip} neighbour replace 10.99.0.{other} lladdr {mac} dev eth0");
        Ip($"{ip} neighbour replace fd99::{other} lladdr {mac} dev eth0");
    }

    private static void Ip(string arguments) => Run("ip", arguments.Split(' '));

    private static void Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors}");
    }
}
