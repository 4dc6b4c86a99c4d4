using System.Globalization;

namespace Dataplane.Integration.Runtime;

/// <summary>What answers in a pod without a program, and what it may.</summary>
public sealed class AnswerTests
{
    private const string Web = """
        containers:
        - name: a
          image: nginx
          securityContext: {runAsNonRoot: true}
          ports: [{containerPort: 80}, {containerPort: 53, protocol: UDP}, {containerPort: 9, protocol: SCTP}]
        """;

    [Theory]
    [InlineData(SupervisorLab.PodAddress)]
    [InlineData(SupervisorLab.PodAddress6)]
    public async Task Its_declared_ports_are_answered_and_no_others(string address)
    {
        await using var lab = await SupervisorLab.Start();
        await lab.Set(lab.Order(Web));
        await lab.Until("Running");
        var host = address.Contains(':') ? $"[{address}]" : address;
        var page = lab.Node.Exec("curl", $"-s -g http://{host}/who");
        Assert.Contains("x/p TCP", page, StringComparison.Ordinal);
        Assert.Contains("GET /who HTTP/1.1", page, StringComparison.Ordinal);
        Assert.StartsWith("x/p TCP", lab.Node.Exec("nc", $"-N -w 5 {address} 80", "hello\n"), StringComparison.Ordinal);
        Assert.StartsWith("x/p UDP", lab.Node.Exec("nc", $"-u -W 1 {address} 53", "hello\n"), StringComparison.Ordinal);
        Assert.Equal("7", lab.Node.Exec("sh", $"-c \"curl -s -g http://{host}:81/; echo $?\"").Trim());
    }

    [Fact]
    public async Task It_is_nobody_in_the_pod_and_gains_nothing()
    {
        await using var lab = await SupervisorLab.Start();
        await lab.Set(lab.Order(Web));
        var report = await lab.Until("Running");
        var id = Assert.Single(report.Processes).Id;
        var status = File.ReadAllLines($"/proc/{id}/status").Select(l => l.Split(':', 2))
            .ToDictionary(l => l[0], l => l[1].Trim());
        Assert.Equal("65534\t65534\t65534\t65534", status["Uid"]);
        Assert.Equal("65534\t65534\t65534\t65534", status["Gid"]);
        Assert.Equal(("", "1"), (status["Groups"], status["NoNewPrivs"]));
        foreach (var set in (string[])["CapEff", "CapPrm", "CapInh", "CapAmb"])
            Assert.Equal("0000000000000000", status[set]);
        Assert.Equal(new FileInfo($"/proc/{id}/ns/net").LinkTarget,
            lab.Pod.Exec("readlink", "/proc/self/ns/net").Trim());
        var kilobytes = int.Parse(status["VmRSS"].Split(' ')[0], CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"RSS of the responder: {kilobytes} kB");
        Assert.InRange(kilobytes, 1, 64 << 10);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said()
    {
        await using var lab = await SupervisorLab.Start();
        await lab.Set(lab.Order("""
            restartPolicy: Never
            containers:
            - {name: a, image: any, ports: [{containerPort: 80}]}
            - {name: b, image: any, ports: [{containerPort: 80}]}
            """));
        var report = await lab.Until(r => r.Status?.Containers.Any(
            c => c.State is Dataplane.Runtime.Statuses.ContainerState.Terminated) == true);
        var ended = report.Status!.Containers.Select(c => c.State)
            .OfType<Dataplane.Runtime.Statuses.ContainerState.Terminated>().Single();
        Assert.Equal("StartError", ended.Exit.Reason);
        Assert.Contains("already in use", ended.Exit.Message, StringComparison.Ordinal);
    }
}
