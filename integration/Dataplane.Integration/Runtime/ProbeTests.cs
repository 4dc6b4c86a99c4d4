namespace Dataplane.Integration.Runtime;

/// <summary>Probes of each kind lead readiness and restarts.</summary>
public sealed class ProbeTests
{
    [Fact]
    public async Task A_program_in_the_container_says_whether_it_is_ready()
    {
        await using var lab = await SupervisorLab.Start();
        await lab.Set(lab.Script("exec sleep 1000", """
            securityContext: {runAsUser: 1000}
            readinessProbe:
              periodSeconds: 1
              exec:
                command:
                - sh
                - -c
                - test $(id -u) = 1000 -a $(cat /proc/sys/kernel/hostname) = p -a -d /sys/class/net/eth0
            """));
        await lab.Until("Running");
        Assert.True((await lab.Until(r => r.Status!.IsReady)).Status!.IsReady);
    }

    [Fact]
    public async Task One_that_hangs_has_failed()
    {
        await using var lab = await SupervisorLab.Start();
        await lab.Set(lab.Script("exec sleep 1000",
            "livenessProbe: {exec: {command: [sleep, '1000']}, periodSeconds: 1, failureThreshold: 1}",
            podMore: "terminationGracePeriodSeconds: 1"));
        var report = await lab.Until(r => r.Status?.Restarts == 1);
        Assert.Equal(128 + 15, report.Status!.Containers[0].LastExit!.Exit.Code);
    }

    [Theory]
    [InlineData("httpGet: {port: 80, path: /x}")]
    [InlineData("tcpSocket: {port: 80}")]
    public async Task What_answers_on_its_port_is_ready_and_what_does_not_is_not(string probe)
    {
        await using var lab = await SupervisorLab.Start();
        await lab.Set(lab.Order($$"""
            containers:
            - {name: a, image: any, ports: [{containerPort: 80}], readinessProbe: { {{probe}}, periodSeconds: 1} }
            """));
        await lab.Until(r => r.Status!.IsReady);
        await lab.Set(lab.Order($$"""
            containers:
            - name: a
              image: any
              ports: [{containerPort: 81}]
              readinessProbe: { {{probe}}, periodSeconds: 1, failureThreshold: 1}
            - name: b
              image: any
              command: [sleep, '1000']
              livenessProbe: { {{probe}}, periodSeconds: 1, failureThreshold: 2}
            """, identity: "2"));
        var failed = await lab.Until(r => r.Order.Identity == "2" && r.Status is { Restarts: > 0 });
        Assert.False(failed.Status!.IsReady);
        Assert.Equal("1/2", failed.Status.ReadyText);
    }

    [Fact]
    public async Task Tls_is_not_verified_and_a_status_of_400_or_more_is_bad()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/openssl"), "openssl is not installed");
        await using var lab = await SupervisorLab.Start();
        var directory = lab.Files.Directory;
        Dataplane.Testing.Tool.Run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
            $"{directory}/key", "-out", $"{directory}/cert", "-days", "1", "-subj", "/CN=nobody").Succeeded();
        await lab.Set(lab.Script(
            $"cd {directory}; openssl s_server -quiet -accept 443 -key key -cert cert -WWW",
            "readinessProbe: {httpGet: {port: 443, path: /lock, scheme: HTTPS}, periodSeconds: 1}"));
        await lab.Until(r => r.Status!.IsReady);
        await lab.Set(lab.Script("while :; do printf 'HTTP/1.1 500 no\\r\\n\\r\\n' | nc -l -p 80 -q 0; done",
            "startupProbe: {httpGet: {port: 80}, periodSeconds: 1, failureThreshold: 2}",
            podMore: "terminationGracePeriodSeconds: 1"));
        var failed = await lab.Until(r => r.Status is { Restarts: > 0 });
        Assert.False(failed.Status!.Containers[0].IsStarted);
    }
}
