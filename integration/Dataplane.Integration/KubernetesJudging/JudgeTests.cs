using System.Text.Json.Nodes;
using Dataplane.Integration.Chaos;
using Dataplane.Integration.KubernetesServing;

namespace Dataplane.Integration.KubernetesJudging;

/// <summary>
/// What kube-apiserver 1.20 answers is what the daemon answers, field by field, but for what a file says, with reasons.
/// </summary>
public sealed class JudgeTests
{
    private const string Folder = "integration/Dataplane.Integration/KubernetesJudging";

    [Fact(Explicit = true)]
    public async Task Calls_are_answered_as_kube_apiserver_answers_them()
    {
        Assert.SkipUnless(File.Exists(RealApiServer.Program) && File.Exists(RealApiServer.Store),
            "KUBE_APISERVER and ETCD name no programs");
        var kubectl = KubernetesClients.Kubectl();
        var calls = Call.Read(Text("calls.txt"));
        var expected = new Expectations(Text("differences.txt"));
        var theirs = await Real(kubectl, calls);
        var ours = await Daemon(kubectl, calls);
        var found = calls.SelectMany((call, i) => Between(call, theirs[i], ours[i])).ToList();
        var differing = found.Select(d => d.Call).Distinct().Count();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{calls.Count} calls: {calls.Count - differing} answered alike, "
                + $"{differing} with {found.Count} differences");
        string[] wrong = [.. expected.Unexpected(found).Select(d => $"{d}"),
            .. expected.Vanished(found).Select(l => $"expected, and not there: {l}")];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    private static IReadOnlyList<Difference> Between(Call call, JsonObject theirs, JsonObject ours)
    {
        Normal.Apply(theirs);
        Normal.Apply(ours);
        return Difference.Between(call.Name, theirs, ours);
    }

    private static async Task<IReadOnlyList<JsonObject>> Real(string kubectl, IReadOnlyList<Call> calls)
    {
        using var host = Loopback();
        using var home = new TempDirectory();
        using var server = await RealApiServer.Start(host);
        using var client = new ApiClient(await File.ReadAllTextAsync(server.Kubeconfig), host.Netns);
        try
        {
            return await new JudgedServer(kubectl, client, host, server.Kubeconfig, home.Path).Answers(calls);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"kube-apiserver: {e.Message}: {server.Said()}", e);
        }
    }

    private static async Task<IReadOnlyList<JsonObject>> Daemon(string kubectl, IReadOnlyList<Call> calls)
    {
        using var host = Loopback();
        using var home = new TempDirectory();
        using var daemon = new DaemonProcess(host, "--kubernetes-api", "127.0.0.1:6443");
        using var client = new ApiClient(daemon, "kubeconfig", host.Netns);
        var kubeconfig = Path.Combine(daemon.StateDirectory, "kubernetes-api", "kubeconfig");
        return await new JudgedServer(kubectl, client, host, kubeconfig, home.Path).Answers(calls);
    }

    private static TestNetns Loopback()
    {
        var host = TestNetns.Create();
        host.Exec("ip", "link set lo up");
        return host;
    }

    private static string Text(string file) => File.ReadAllText(SourceTree.Full($"{Folder}/{file}"));
}
