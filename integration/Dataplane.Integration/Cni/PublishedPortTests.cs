using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Dataplane.Integration.Cni;

/// <summary>Ports that a runtime publishes (capability <c>portMappings</c>) are ports of the node.</summary>
public sealed class PublishedPortTests
{
    private const string Client = """{"role": "client"}""", Server = """{"role": "server"}""";

    private const string Published = """
        , "runtimeConfig": {"portMappings": [{"hostPort": 8080, "containerPort": 80, "protocol": "udp"},
          {"hostPort": 0, "containerPort": 81}]}
        """;

    /// <param name="family">0: IPv4; 1: IPv6.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task It_leads_to_the_container_and_policies_judge_it_there(int family)
    {
        await using var lab = await CniLab.Start(AttachTests.Policies);
        var (client, server, stranger) = (lab.Container(), lab.Container(), lab.Container());
        var result = CniLab.Add(server, lab.Config(Server, Published));
        var node = new IPEndPoint(IPAddress.Parse(
            result.GetProperty("ips")[family].GetProperty("gateway").GetString()!), 8080);
        var allowed = IPAddress.Parse(CniLab.Addresses(CniLab.Add(client, lab.Config(Client)))[family]);
        var denied = IPAddress.Parse(CniLab.Addresses(CniLab.Add(stranger, lab.Config()))[family]);
        using var receiver = Receiver(server, result);
        Send(stranger, denied);
        Send(client, allowed);
        Assert.Equal(allowed, From(receiver));

        // Another container cannot have it, and says whose it is; when the container goes, it can.
        var other = lab.Container();
        var (code, message) = CniLab.Fails("ADD", lab.Config(Server, Published), other.Name);
        Assert.Equal(7, code);
        Assert.Contains("8080", message, StringComparison.Ordinal);
        Assert.Contains(server.Name, message, StringComparison.Ordinal);
        CniLab.Delete(server.Name, lab.Config(Server));
        using var next = Receiver(other, CniLab.Add(other, lab.Config(Server, Published)));
        Send(client, allowed);
        Assert.Equal(allowed, From(next));

        void Send(TestNetns from, IPAddress address)
        {
            using var socket = PodSocket.Open(from.Netns, address, SocketType.Dgram, ProtocolType.Udp);
            for (var i = 0; i < 3; i++) socket.SendTo([1], node);
        }

        Socket Receiver(TestNetns container, JsonElement added)
        {
            var at = new IPEndPoint(IPAddress.Parse(CniLab.Addresses(added)[family]), 80);
            var socket = PodSocket.Open(container.Netns, at.Address, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(at);
            return socket;
        }
    }

    private static IPAddress From(Socket receiver)
    {
        EndPoint from = new IPEndPoint(receiver.AddressFamily == AddressFamily.InterNetwork
            ? IPAddress.Any : IPAddress.IPv6Any, 0);
        receiver.ReceiveFrom(new byte[16], ref from);
        return ((IPEndPoint)from).Address;
    }
}
