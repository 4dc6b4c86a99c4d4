using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Defaults;
using Dataplane.ApiMachinery.Resources;

namespace Dataplane.ApiMachinery.Tests.Defaults;

public class PodDefaultsTests
{
    private static readonly ApiResource Pods = ApiResources.BuiltIn.First(r => r.Kind.Plural == "pods");

    [Fact]
    public void A_pod_gets_what_a_plain_cluster_shows() => Json.AssertEqual("""
        {"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"nginx","imagePullPolicy":"Always","resources":{},
          "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File"}],"dnsPolicy":"ClusterFirst",
         "enableServiceLinks":true,"preemptionPolicy":"PreemptLowerPriority","priority":0,"restartPolicy":"Always",
         "schedulerName":"default-scheduler","securityContext":{},"serviceAccount":"default","serviceAccountName":"default",
         "terminationGracePeriodSeconds":30}}
        """, Applied("""{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"nginx"}]}}"""));

    [Fact]
    public void What_is_given_stays()
    {
        var given = """
            {"spec":{"containers":[{"name":"c","image":"nginx","imagePullPolicy":"Never","resources":{"requests":{"cpu":"1"}},
              "terminationMessagePath":"/x","terminationMessagePolicy":"FallbackToLogsOnError"}],"dnsPolicy":"None",
             "enableServiceLinks":false,"preemptionPolicy":"Never","priority":5,"restartPolicy":"Never","schedulerName":"s",
             "securityContext":{"runAsUser":1},"serviceAccount":"a","serviceAccountName":"a","terminationGracePeriodSeconds":0}}
            """;
        Json.AssertEqual(given, Applied(given));
    }

    [Theory]
    [InlineData("nginx", "Always")]
    [InlineData("nginx:latest", "Always")]
    [InlineData("nginx:1.25", "IfNotPresent")]
    [InlineData("host:5000/nginx", "Always")]
    [InlineData("host:5000/nginx:1", "IfNotPresent")]
    [InlineData("nginx@sha256:00", "IfNotPresent")]
    [InlineData("nginx:latest@sha256:00", "Always")]
    [InlineData("", "Always")]
    public void Images_without_a_tag_are_fetched_each_time(string image, string policy) => Assert.Equal(policy,
        (string?)Spec($$"""{"initContainers":[{"image":"{{image}}"}]}""")["initContainers"]![0]!["imagePullPolicy"]);

    [Theory]
    [InlineData("""{"ports":[{"containerPort":80}]}""", "ports", """[{"containerPort":80,"protocol":"TCP"}]""")]
    [InlineData("""{"env":[{"name":"a","valueFrom":{"fieldRef":{"fieldPath":"p"}}}]}""", "env",
        """[{"name":"a","valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"p"}}}]""")]
    [InlineData("""{"livenessProbe":{"httpGet":{"port":80}}}""", "livenessProbe", """
        {"httpGet":{"port":80,"path":"/","scheme":"HTTP"},"failureThreshold":3,"periodSeconds":10,"successThreshold":1,"timeoutSeconds":1}
        """)]
    [InlineData("""{"startupProbe":{"grpc":{"port":80},"periodSeconds":0,"timeoutSeconds":9}}""", "startupProbe", """
        {"grpc":{"port":80,"service":""},"failureThreshold":3,"periodSeconds":10,"successThreshold":1,"timeoutSeconds":9}
        """)]
    [InlineData("""{"lifecycle":{"preStop":{"httpGet":{"port":1}}}}""", "lifecycle",
        """{"preStop":{"httpGet":{"port":1,"path":"/","scheme":"HTTP"}}}""")]
    [InlineData("""{"resources":{"limits":{"cpu":"1","memory":"1Mi"},"requests":{"cpu":"100m"}}}""", "resources",
        """{"limits":{"cpu":"1","memory":"1Mi"},"requests":{"cpu":"100m","memory":"1Mi"}}""")]
    public void Containers(string container, string field, string expected) => Json.AssertEqual(expected,
        Spec("{\"containers\":[" + container + "]}")["containers"]![0]![field]);

    [Theory]
    [InlineData("""{"name":"v"}""", """{"name":"v","emptyDir":{}}""")]
    [InlineData("""{"name":"v","configMap":{"name":"c"}}""", """{"name":"v","configMap":{"name":"c","defaultMode":420}}""")]
    [InlineData("""{"name":"v","secret":{"defaultMode":256}}""", """{"name":"v","secret":{"defaultMode":256}}""")]
    [InlineData("""{"name":"v","hostPath":{"path":"/x"}}""", """{"name":"v","hostPath":{"path":"/x","type":""}}""")]
    [InlineData("""{"name":"v","image":{"reference":"a:1"}}""",
        """{"name":"v","image":{"reference":"a:1","pullPolicy":"IfNotPresent"}}""")]
    [InlineData("""{"name":"v","downwardAPI":{"items":[{"fieldRef":{"fieldPath":"p"}}]}}""",
        """{"name":"v","downwardAPI":{"defaultMode":420,"items":[{"fieldRef":{"apiVersion":"v1","fieldPath":"p"}}]}}""")]
    [InlineData("""
        {"name":"v","projected":{"sources":[{"serviceAccountToken":{"path":"t"}},{"downwardAPI":{"items":[{"fieldRef":{}}]}}]}}
        """, """
        {"name":"v","projected":{"defaultMode":420,"sources":[{"serviceAccountToken":{"path":"t","expirationSeconds":3600}},
         {"downwardAPI":{"items":[{"fieldRef":{"apiVersion":"v1"}}]}}]}}
        """)]
    [InlineData("""{"name":"v","ephemeral":{"volumeClaimTemplate":{"spec":{}}}}""",
        """{"name":"v","ephemeral":{"volumeClaimTemplate":{"spec":{"volumeMode":"Filesystem"}}}}""")]
    public void Volumes(string volume, string expected) =>
        Json.AssertEqual(expected, Spec("{\"volumes\":[" + volume + "]}")["volumes"]![0]);

    [Fact]
    public void Ports_of_a_pod_in_the_hosts_network_are_the_hosts() => Json.AssertEqual(
        """[{"containerPort":80,"hostPort":80,"protocol":"TCP"}]""",
        Spec("""{"hostNetwork":true,"containers":[{"ports":[{"containerPort":80}]}]}""")["containers"]![0]!["ports"]);

    [Fact]
    public void A_priority_class_gives_the_priority() =>
        Assert.Null(Spec("""{"priorityClassName":"high"}""")["priority"]);

    [Fact]
    public void The_older_name_of_the_account_counts() =>
        Assert.Equal("a", (string?)Spec("""{"serviceAccount":"a"}""")["serviceAccountName"]);

    [Theory]
    [InlineData("Deployment", """{"spec":{"replicas":2}}""", true)]
    [InlineData("Deployment", """{"status":{"replicas":2}}""", false)]
    [InlineData("Deployment", """{"metadata":{"labels":{"a":"1"}}}""", false)]
    [InlineData("Deployment", """{"metadata":{"annotations":{"a":"1"}}}""", true)]
    [InlineData("StatefulSet", """{"metadata":{"annotations":{"a":"1"}}}""", false)]
    [InlineData("StatefulSet", """{"data":{}}""", true)]
    [InlineData("StatefulSet", "{}", false)]
    public void The_generation_grows_with_the_specification(string kind, string change, bool expected)
    {
        var before = Json.Object("""{"metadata":{"name":"a"},"spec":{"replicas":1}}""");
        before["kind"] = kind;
        var after = ApiMachinery.Patching.MergePatch.Apply(before, JsonNode.Parse(change));
        Assert.Equal(expected, Generations.SpecChanged(before, after));
    }

    private static JsonNode Spec(string spec) => Applied("{\"spec\":" + spec + "}")["spec"]!;

    private static JsonObject Applied(string pod)
    {
        var obj = Json.Object(pod);
        Defaulting.Apply(Pods, obj);
        var once = obj.DeepClone();
        Defaulting.Apply(Pods, obj);
        Json.AssertEqual(once, obj);
        return obj;
    }
}
