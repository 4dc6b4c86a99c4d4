using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dataplane.Integration.Chaos;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Daemon;

/// <summary>What a load balancer is told at the <c>healthCheckNodePort</c> of a Service, by curl in a pod.</summary>
public sealed class HealthCheckTests
{
    private const int Port = 30500, Patience = 30_000;

    private const string Objects = """
        apiVersion: v1
        kind: Pod
        metadata: {name: client, namespace: shop}
        spec: {containers: [{name: c, image: c}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web-0, namespace: shop, labels: {app: web}}
        spec: {containers: [{name: c, image: c}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web-1, namespace: shop, labels: {app: web}}
        spec: {containers: [{name: c, image: c}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec:
          type: LoadBalancer
          externalTrafficPolicy: Local
          healthCheckNodePort: 30500
          ipFamilyPolicy: RequireDualStack
          selector: {app: web}
          ports: [{port: 80, name: w}, {port: 81, name: x}]

        """;

    public static TheoryData<string> Addresses => ["10.244.0.1", "[fd00:10:244::1]"];

    [Theory]
    [MemberData(nameof(Addresses))]
    public void It_says_how_many_endpoints_are_here(string node)
    {
        using var daemon = new DaemonProcess();
        daemon.Apply("objects.yaml", Objects);
        Await(daemon, node, "200", 2);
        var answer = Ask(daemon, node, "-i -X POST -d any").Output.Split("\r\n");
        Assert.Equal("HTTP/1.1 200 OK", answer[0]);
        Assert.Contains("Content-Type: application/json", answer);
        Assert.Contains("X-Content-Type-Options: nosniff", answer);
        Assert.Contains("X-Load-Balancing-Endpoint-Weight: 2", answer);
        Assert.Equal("""
            {"service":{"namespace":"shop","name":"web"},"localEndpoints":2,"serviceProxyHealthy":true}
            """, answer[^1]);
        daemon.Apply("ready.yaml", """
            apiVersion: v1
            kind: Pod
            metadata: {name: web-0, namespace: shop, labels: {app: web}}
            spec: {containers: [{name: c, image: c}]}
            status: {conditions: [{type: Ready, status: "False"}]}

            """);
        Await(daemon, node, "200", 1);
        daemon.Delete(new Api.ObjectReference("Pod", "shop/web-1"));
        Await(daemon, node, "503", 0);
        daemon.Delete(new Api.ObjectReference("Service", "shop/web"));
        Until(daemon, () => Ask(daemon, node, "").ExitCode == 7, "refused, since the Service is gone");
    }

    [Fact]
    public void It_ends_with_the_daemon_and_the_next_one_answers_again()
    {
        using var daemon = new DaemonProcess();
        daemon.Apply("objects.yaml", Objects);
        Await(daemon, "10.244.0.1", "200", 2);
        daemon.Kill();
        Assert.Equal(7, Ask(daemon, "10.244.0.1", "").ExitCode);
        daemon.Start();
        Await(daemon, "10.244.0.1", "200", 2);
    }

    [Fact]
    public void Who_says_nothing_or_too_much_does_not_keep_others_from_the_answer()
    {
        using var daemon = new DaemonProcess();
        daemon.Apply("objects.yaml", Objects);
        Await(daemon, "10.244.0.1", "200", 2);
        using var netns = Netns.Open($"{daemon.NodeName}_shop_web-0");
        var attacker = IPAddress.Parse(daemon.Get(Api.ApiPaths.Pods, Api.ApiJson.Default.PodsResponse).Pods
            .Single(p => p.Name == "shop/web-0").IPv4!);
        var open = new List<Socket>();
        try
        {
            // One source has eight places, which end after two seconds at the latest: the ninth gets no answer.
            for (var i = 0; i < 8; i++) open.Add(Connect());
            open.Add(Connect());
            Assert.Equal("", Answer(open[8]));
            for (var i = 0; i < 200; i++) open.Add(Connect());
            Assert.Equal("200", Code(daemon, "10.244.0.1"));
            Assert.True(SpinWait.SpinUntil(() => open.TrueForAll(s => s.Poll(0, SelectMode.SelectRead)), Patience));
            var garbage = new byte[1 << 20];
            Random.Shared.NextBytes(garbage);
            using var loud = Connect();
            try
            {
                loud.Send(garbage);
            }
            catch (SocketException)
            {
                // Closed meanwhile.
            }
            Assert.Equal("200", Code(daemon, "10.244.0.1"));
            Assert.Null(daemon.Status().Problem);
        }
        finally
        {
            foreach (var socket in open) socket.Dispose();
        }

        static string Answer(Socket socket)
        {
            var buffer = new byte[512];
            try
            {
                socket.Send("GET / HTTP/1.1\r\n\r\n"u8);
                return System.Text.Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
            }
            catch (SocketException)
            {
                // Closed with what was sent unread.
                return "";
            }
        }

        Socket Connect()
        {
            var socket = PodSocket.Open(netns, attacker, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(IPAddress.Parse("10.244.0.1"), Port);
            return socket;
        }
    }

    [Fact]
    public void A_port_that_another_program_has_is_told_in_the_status()
    {
        using var daemon = new DaemonProcess();
        using var netns = Netns.Open(daemon.NodeName);
        using var other = PodSocket.Open(netns, IPAddress.Parse("10.244.0.1"), SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Any, Port));
        other.Listen(1);
        daemon.Apply("objects.yaml", Objects);
        Until(daemon, () => daemon.Status().Errors.Any(e => e.StartsWith(
            "healthCheckNodePort 30500 of Service shop/web over IPv4: Address already in use",
            StringComparison.Ordinal)), "the status says so");
        Await(daemon, "[fd00:10:244::1]", "200", 2);
    }

    private static ToolResult Ask(DaemonProcess daemon, string node, string options) => InNetns.Try(
        $"{daemon.NodeName}_shop_client", "curl", $"-s -m 10 {options} http://{node}:{Port}/any?thing");

    private static string Code(DaemonProcess daemon, string node) =>
        Ask(daemon, node, "-o /dev/null -w %{http_code}").Output;

    private static void Await(DaemonProcess daemon, string node, string code, int endpoints) => Until(daemon, () =>
        Ask(daemon, node, "-w %{http_code}").Output is var answer && answer.EndsWith(code, StringComparison.Ordinal)
            && answer.Contains(string.Create(CultureInfo.InvariantCulture, $"\"localEndpoints\":{endpoints},"),
                StringComparison.Ordinal), $"{code} with {endpoints} endpoints");

    private static void Until(DaemonProcess daemon, Func<bool> isSo, string what)
    {
        var started = Stopwatch.StartNew();
        while (!isSo())
        {
            if (started.ElapsedMilliseconds > Patience) Assert.Fail($"not so: {what}\n{daemon.Said()}");
            Thread.Yield();
        }
    }
}
