namespace Dataplane.ApiMachinery.Tests.Tables;

public class PodRowTests
{
    private const string Container = """[{"name": "a"}]""";

    [Theory]
    [InlineData("a pod that runs", """{"phase": "Running", "containerStatuses": [RUNS]}""", "1/1|Running|0")]
    [InlineData("a container that crashes", """
        {"phase": "Running", "containerStatuses":
         [{"restartCount": 4, "state": {"waiting": {"reason": "CrashLoopBackOff"}},
         "lastState": {"terminated": {"finishedAt": "2026-03-01T11:55:00Z"}}}]}
        """, "0/1|CrashLoopBackOff|4 (5m ago)")]
    [InlineData("a pod that has ended", """
        {"phase": "Succeeded", "containerStatuses": [{"state": {"terminated": {"exitCode": 0, "reason": "Completed"}}}]}
        """, "0/1|Completed|0")]
    [InlineData("one container ended, one runs", """
        {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}], "containerStatuses":
         [{"state": {"terminated": {"exitCode": 0, "reason": "Completed"}}}, RUNS]}
        """, "1/1|Running|0")]
    [InlineData("one container ended, the pod is not ready", """
        {"phase": "Running", "containerStatuses":
         [{"state": {"terminated": {"exitCode": 0, "reason": "Completed"}}}, RUNS]}
        """, "1/1|NotReady|0")]
    [InlineData("killed without a reason", """
        {"phase": "Failed", "containerStatuses": [{"state": {"terminated": {"exitCode": 137, "signal": 9}}}]}
        """, "0/1|Signal:9|0")]
    [InlineData("ended without a reason", """
        {"phase": "Failed", "containerStatuses": [{"state": {"terminated": {"exitCode": 3}}}]}
        """, "0/1|ExitCode:3|0")]
    [InlineData("evicted", """{"phase": "Failed", "reason": "Evicted"}""", "0/1|Evicted|0")]
    [InlineData("gated", """
        {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}]}
        """, "0/1|SchedulingGated|0")]
    public void The_status_is_what_the_containers_add_up_to(string what, string status, string cells) =>
        Assert.Equal($"{what}: x|{cells}|60m", $"{what}: {Row(Container, "[]", status)}");

    [Theory]
    [InlineData("""{"state": {"running": {}}}""", "Init:0/2")]
    [InlineData("""{"state": {"terminated": {"exitCode": 0}}}, {"state": {"waiting": {"reason": "PodInitializing"}}}""",
        "Init:1/2")]
    [InlineData("""{"state": {"waiting": {"reason": "ErrImagePull"}}}""", "Init:ErrImagePull")]
    [InlineData("""{"state": {"terminated": {"exitCode": 2}}}""", "Init:ExitCode:2")]
    [InlineData("""{"state": {"terminated": {"exitCode": 2, "reason": "Error"}}}""", "Init:Error")]
    public void The_first_init_container_that_has_not_ended_decides(string containers, string status) =>
        Assert.Equal($"x|0/1|{status}|0|60m", Row(Container, """[{"name": "i"}, {"name": "j"}]""",
            $$"""{"phase": "Pending", "initContainerStatuses": [{{containers}}]}"""));

    [Fact]
    public void A_sidecar_counts_as_a_container() =>
        Assert.Equal("x|2/2|Running|3|60m", Row(Container, """[{"name": "s", "restartPolicy": "Always"}]""",
            """
            {"phase": "Running", "containerStatuses": [RUNS], "initContainerStatuses":
             [{"name": "s", "started": true, "ready": true, "restartCount": 3, "state": {"running": {}}}]}
            """));

    [Theory]
    [InlineData("Running", "", "Terminating")]
    [InlineData("Succeeded", "", "Succeeded")]
    [InlineData("Running", "NodeLost", "Unknown")]
    public void A_pod_that_is_deleted_says_so(string phase, string reason, string status) =>
        Assert.StartsWith($"x|0/0|{status}|0|60m", Rows.Text("pods", $$"""
            {"metadata": {"deletionTimestamp": "2026-03-01T11:59:00Z"},
             "status": {"phase": "{{phase}}", "reason": "{{reason}}"} }
            """));

    [Fact]
    public void Wide_columns_are_there_too()
    {
        Assert.Equal("x|0/0|Pending|0|60m|10.0.0.1|node|other|1/2", Rows.Text("pods", """
            {"spec": {"nodeName": "node", "readinessGates": [{"conditionType": "a"}, {"conditionType": "b"}]},
             "status": {"phase": "Pending", "podIP": "10.0.0.1", "nominatedNodeName": "other",
                        "conditions": [{"type": "b", "status": "True"}]}}
            """));
        Assert.Equal([0, 0, 0, 0, 0, 1, 1, 1, 1], Rows.Of("pods").All.Select(c => c.Priority));
    }

    private static string Row(string containers, string initContainers, string status)
    {
        var text = status.Replace("RUNS", """{"ready": true, "state": {"running": {}}}""", StringComparison.Ordinal);
        return string.Join('|', Rows.Text("pods", $$"""
            {"spec": {"containers": {{containers}}, "initContainers": {{initContainers}}}, "status": {{text}}}
            """).Split('|')[..5]);
    }
}
