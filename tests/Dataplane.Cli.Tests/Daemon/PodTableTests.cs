using Dataplane.Api;
using Dataplane.ApiMachinery.Tables;

namespace Dataplane.Cli.Tests;

/// <summary>What runs in pods, as get and describe print it.</summary>
public sealed class PodTableTests : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData(0, "0s"), InlineData(119, "119s"), InlineData(120, "2m"), InlineData(125, "2m5s")]
    [InlineData(600, "10m"), InlineData(10_799, "179m"), InlineData(10_800, "3h"), InlineData(11_160, "3h6m")]
    [InlineData(28_800, "8h"), InlineData(172_799, "47h"), InlineData(172_800, "2d"), InlineData(176_400, "2d1h")]
    [InlineData(691_200, "8d"), InlineData(63_072_000, "2y"), InlineData(-5, "<invalid>")]
    public void Ages_are_those_of_kubectl(int seconds, string text) =>
        Assert.Equal(text, HumanDuration.Text(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Get_has_the_columns_of_kubectl_where_programs_run_and_none_of_them_elsewhere()
    {
        var crash = Pod("crash", new PodSummary("0/1", "CrashLoopBackOff", 3), new ContainerStatusEntry("c", "i",
            Ready: false, Started: false, 3, new ContainerStateEntry { Waiting = new("CrashLoopBackOff") })
        {
            LastState = new() { Terminated = new(3, "Error", Now.AddSeconds(-300), Now.AddSeconds(-200)) },
        });
        using (Answering(crash, Pod("name-server", null, null)))
        {
            var said = _cli.Run("get", "pods", "-n", "x").Out.Split('\n');
            Assert.Matches("^NAME +READY +STATUS +RESTARTS +AGE +IPV4 +IPV6 +LABELS$", said[0]);
            Assert.Matches(
                @"^crash +0/1 +CrashLoopBackOff +3 \(3m\d\ds ago\) +6m\d\ds +10\.0\.0\.1 +- +<none>$", said[1]);
            Assert.Matches(@"^name-server +- +- +- +- +10\.0\.0\.1 +- +<none>$", said[2]);
        }
        using (Answering(Pod("a", null, null)))
        {
            Assert.StartsWith("NAME  IPV4      IPV6  LABELS\n", _cli.Run("get", "pods", "-n", "x").Out,
                StringComparison.Ordinal);
        }
    }

    private CannedDaemon Answering(params ObjectEntry[] pods) => new CannedDaemon(_cli.Socket).Says(
        "GET /v1/objects?kind=Pod", new ObjectsResponse(1, pods), ApiJson.Default.ObjectsResponse);

    private static ObjectEntry Pod(string name, PodSummary? summary, ContainerStatusEntry? container) =>
        new("Pod", $"x/{name}", "p.yaml", 1, "apply", Yaml.Pod(name, "x"))
        {
            Pod = new PodEntry($"x/{name}", "10.0.0.1", null)
            {
                Summary = summary,
                Status = summary is null ? null : new PodStatusEntry("Running")
                {
                    StartTime = Now.AddSeconds(-400), ContainerStatuses = container is null ? [] : [container],
                },
            },
        };
}
