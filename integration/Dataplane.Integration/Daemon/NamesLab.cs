using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dataplane.Api;
using Dataplane.Integration.Chaos;

namespace Dataplane.Integration.Daemon;

/// <summary>A daemon with its name server, and dig in the pod shop/client.</summary>
internal sealed class NamesLab : IDisposable
{
    private const int Patience = 30_000;

    public NamesLab(string objects, params string[] flags) : this(null, objects, flags)
    {
    }

    /// <param name="host">The namespace of a machine of its own; null: this machine.</param>
    public NamesLab(TestNetns? host, string objects, params string[] flags)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dig"), "dig is not installed");
        Daemon = host is null ? new DaemonProcess(flags) : new DaemonProcess(host, flags);
        try
        {
            Daemon.Apply("objects.yaml", objects);
            if (!flags.Contains("off"))
                Await("@10.96.0.10 +short kube-dns.kube-system.svc.cluster.local A", "10.96.0.10\n");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public DaemonProcess Daemon { get; }

    public string[] Pods() => [.. Entries().Select(p => p.Name)];

    public string Address(string pod) => Entries().Single(p => p.Name == pod).IPv4!;

    public ToolResult TryDig(string arguments) =>
        InNetns.Try(Netns("shop_client"), "dig", $"+tries=1 +time=2 {arguments}");

    /// <summary><c>dataplane exec shop/client -- ...</c></summary>
    public ToolResult Exec(string command, string pod = "shop/client") => Run("exec", $"{pod} -- {command}");

    /// <summary>A command of dataplane about this daemon.</summary>
    public ToolResult Run(string command, string arguments) => Tool.Run(new ProcessStartInfo(
        Path.Combine(AppContext.BaseDirectory, "dataplane"), $"{command} --socket {Daemon.Socket} {arguments}"), "");

    /// <summary>A web server in the pod shop/web-0, until it is killed.</summary>
    public Process Serve()
    {
        var server = Process.Start(new ProcessStartInfo("nsenter",
            $"--net=/run/netns/{Netns("shop_web-0")} python3 -u -m http.server -b 0.0.0.0 8080 -d /run/netns")
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        Assert.StartsWith("Serving HTTP", server.StandardOutput.ReadLine()!, StringComparison.Ordinal);
        return server;
    }

    /// <param name="pod">Such as <c>shop_client</c>.</param>
    public string ResolverFile(string pod) => FileOf(pod, "resolv.conf");

    /// <summary>A file of <c>/etc/netns</c>.</summary>
    public string FileOf(string pod, string name) => $"/etc/netns/{Netns(pod)}/{name}";

    public string[] ResolverFiles() => !Directory.Exists("/etc/netns") ? [] :
        Directory.GetDirectories("/etc/netns", $"{Daemon.NodeName}_*");

    public string Dig(string arguments) => TryDig(arguments).Succeeded();

    /// <summary>Asks again until this is the answer.</summary>
    public void Await(string arguments, string answer) =>
        Until(() => TryDig(arguments) is { ExitCode: 0 } result && result.Output == answer, $"{arguments}: {answer}");

    /// <summary>The process id of the name server, as the sockets of its pod tell.</summary>
    public int Server()
    {
        var text = InNetns.Exec(Netns("kube-system_coredns"), "ss", "-Hulnp sport = 53");
        var at = text.IndexOf("pid=", StringComparison.Ordinal) + "pid=".Length;
        return int.Parse(text[at..text.IndexOf(',', at)], CultureInfo.InvariantCulture);
    }

    public void KillServer()
    {
        using var server = Process.GetProcessById(Server());
        server.Kill();
        server.WaitForExit();
    }

    /// <summary>Waits for an entry of the drop log about such a packet, and who dropped it.</summary>
    public void AwaitDrop(string from, string to, int port, string policy) => Until(
        () => Daemon.Text($"{ApiPaths.Flows}?verdict=denied").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize(line, ApiJson.Default.FlowEntry)!)
            .Any(f => f.From == from && f.To == to && f.Port == port && f.Policy == policy),
        $"the drop of {from} -> {to} {port} is logged");

    public void AwaitNoServer() => Until(
        () => Directory.GetFiles("/run/dataplane", $"{Daemon.NodeName}.dns.*").Length == 0, "the name server is gone");

    public void Dispose() => Daemon.Dispose();

    private PodEntry[] Entries() => [.. Daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods];

    private string Netns(string pod) => $"{Daemon.NodeName}_{pod}";

    private void Until(Func<bool> isSo, string what)
    {
        var started = Stopwatch.StartNew();
        while (!isSo())
        {
            if (started.ElapsedMilliseconds > Patience) Assert.Fail($"not so: {what}\n{Daemon.Said()}");
            Thread.Yield();
        }
    }
}
