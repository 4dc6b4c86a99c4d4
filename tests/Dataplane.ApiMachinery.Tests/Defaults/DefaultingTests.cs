using Dataplane.ApiMachinery.Defaults;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.Tests.Defaults;

/// <summary>
/// What each kind looks like before and after. TEMPLATE stands for a template of pods with its defaults, POD for those
/// of its specification.
/// </summary>
public class DefaultingTests
{
    private const string TemplateSpec = """
        "dnsPolicy":"ClusterFirst","restartPolicy":"Always","schedulerName":"default-scheduler","securityContext":{},
        "terminationGracePeriodSeconds":30
        """;

    private const string Template = "{\"spec\":{" + TemplateSpec + ",\"containers\":[]}}";

    [Theory]
    [InlineData("deployments", """{"spec":{"template":{"spec":{"containers":[]}}}}""", """
        {"spec":{"replicas":1,"progressDeadlineSeconds":600,"revisionHistoryLimit":10,
         "strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%","maxUnavailable":"25%"}},"template":TEMPLATE}}
        """)]
    [InlineData("deployments",
        """{"spec":{"replicas":0,"revisionHistoryLimit":1,"progressDeadlineSeconds":5,"strategy":{"type":"Recreate"}}}""",
        """{"spec":{"replicas":0,"revisionHistoryLimit":1,"progressDeadlineSeconds":5,"strategy":{"type":"Recreate"}}}""")]
    [InlineData("replicasets", """{"spec":{"template":{"spec":{"containers":[]}}}}""",
        """{"spec":{"replicas":1,"template":TEMPLATE}}""")]
    [InlineData("daemonsets", """{"spec":{"template":{"spec":{"containers":[]}}}}""", """
        {"spec":{"revisionHistoryLimit":10,"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":0,"maxUnavailable":1}},
         "template":TEMPLATE}}
        """)]
    [InlineData("statefulsets",
        """{"spec":{"template":{"spec":{"containers":[]}},"volumeClaimTemplates":[{"metadata":{"name":"d"},"spec":{}}]}}""", """
        {"spec":{"replicas":1,"revisionHistoryLimit":10,"podManagementPolicy":"OrderedReady",
         "persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Retain","whenScaled":"Retain"},
         "updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":0}},"template":TEMPLATE,
         "volumeClaimTemplates":[{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"d"},
          "spec":{"volumeMode":"Filesystem"},"status":{"phase":"Pending"}}]}}
        """)]
    [InlineData("replicationcontrollers",
        """{"metadata":{"name":"r"},"spec":{"template":{"metadata":{"labels":{"a":"1"}},"spec":{"containers":[]}}}}""", """
        {"metadata":{"name":"r","labels":{"a":"1"}},"spec":{"replicas":1,"selector":{"a":"1"},
         "template":{"metadata":{"labels":{"a":"1"}},"spec":{POD,"containers":[]}}}}
        """)]
    [InlineData("jobs",
        """{"spec":{"template":{"metadata":{"labels":{"a":"1"}},"spec":{"containers":[],"restartPolicy":"Never"}}}}""", """
        {"metadata":{"labels":{"a":"1"}},"spec":{"completions":1,"parallelism":1,"backoffLimit":6,"completionMode":"NonIndexed",
         "podReplacementPolicy":"TerminatingOrFailed","suspend":false,"template":{"metadata":{"labels":{"a":"1"}},
          "spec":{"dnsPolicy":"ClusterFirst","restartPolicy":"Never","schedulerName":"default-scheduler","securityContext":{},
           "terminationGracePeriodSeconds":30,"containers":[]}}}}
        """)]
    [InlineData("jobs", """{"spec":{"parallelism":2,"podFailurePolicy":{"rules":[{"onPodConditions":[{"type":"x"}]}]}}}""", """
        {"spec":{"parallelism":2,"backoffLimit":6,"completionMode":"NonIndexed","podReplacementPolicy":"Failed","suspend":false,
         "podFailurePolicy":{"rules":[{"onPodConditions":[{"type":"x","status":"True"}]}]}}}
        """)]
    [InlineData("cronjobs", """{"spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[]}}}}}}""", """
        {"spec":{"concurrencyPolicy":"Allow","failedJobsHistoryLimit":1,"successfulJobsHistoryLimit":3,"suspend":false,
         "jobTemplate":{"spec":{"template":TEMPLATE}}}}
        """)]
    [InlineData("podtemplates", """{"template":{"spec":{"containers":[]}}}""", """{"template":TEMPLATE}""")]
    public void Workloads(string plural, string before, string after) => AssertDefaults(plural, before, after);

    [Theory]
    [InlineData("""{"spec":{"selector":{"a":"1"},"ports":[{"port":80},{"port":53,"protocol":"UDP","targetPort":"dns"},{"port":1,"targetPort":0}]}}""", """
        {"spec":{"type":"ClusterIP","sessionAffinity":"None","internalTrafficPolicy":"Cluster","selector":{"a":"1"},
         "ports":[{"port":80,"protocol":"TCP","targetPort":80},{"port":53,"protocol":"UDP","targetPort":"dns"},
          {"port":1,"protocol":"TCP","targetPort":1}]},"status":{"loadBalancer":{}}}
        """)]
    [InlineData("""{"spec":{"type":"NodePort","sessionAffinity":"ClientIP"}}""", """
        {"spec":{"type":"NodePort","sessionAffinity":"ClientIP","sessionAffinityConfig":{"clientIP":{"timeoutSeconds":10800}},
         "externalTrafficPolicy":"Cluster","internalTrafficPolicy":"Cluster"},"status":{"loadBalancer":{}}}
        """)]
    [InlineData("""{"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[{"ip":"1.2.3.4"},{"hostname":"h"}]}}}""", """
        {"spec":{"type":"LoadBalancer","sessionAffinity":"None","externalTrafficPolicy":"Cluster","internalTrafficPolicy":"Cluster",
         "allocateLoadBalancerNodePorts":true},"status":{"loadBalancer":{"ingress":[{"ip":"1.2.3.4","ipMode":"VIP"},{"hostname":"h"}]}}}
        """)]
    [InlineData("""{"spec":{"externalIPs":["1.2.3.4"],"sessionAffinityConfig":{}}}""", """
        {"spec":{"type":"ClusterIP","externalIPs":["1.2.3.4"],"sessionAffinity":"None","externalTrafficPolicy":"Cluster",
         "internalTrafficPolicy":"Cluster"},"status":{"loadBalancer":{}}}
        """)]
    [InlineData("""{"spec":{"type":"ExternalName","externalName":"h"}}""",
        """{"spec":{"type":"ExternalName","externalName":"h","sessionAffinity":"None"},"status":{"loadBalancer":{}}}""")]
    public void Services(string before, string after) => AssertDefaults("services", before, after);

    [Theory]
    [InlineData("endpoints", """{"subsets":[{"ports":[{"port":80},{"port":53,"protocol":"UDP"}]}]}""",
        """{"subsets":[{"ports":[{"port":80,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]}]}""")]
    [InlineData("endpointslices", """{"ports":[{"port":80},{"name":"a","port":1}]}""",
        """{"ports":[{"name":"","port":80,"protocol":"TCP"},{"name":"a","port":1,"protocol":"TCP"}]}""")]
    [InlineData("networkpolicies", """{"spec":{"ingress":[{"ports":[{"port":80}]}]}}""",
        """{"spec":{"podSelector":{},"policyTypes":["Ingress"],"ingress":[{"ports":[{"port":80,"protocol":"TCP"}]}]}}""")]
    [InlineData("networkpolicies", """{"spec":{"podSelector":{},"egress":[{}]}}""",
        """{"spec":{"podSelector":{},"policyTypes":["Ingress","Egress"],"egress":[{}]}}""")]
    [InlineData("networkpolicies", """{"spec":{"podSelector":{},"egress":[],"policyTypes":["Egress"]}}""",
        """{"spec":{"podSelector":{},"egress":[],"policyTypes":["Egress"]}}""")]
    [InlineData("ingresses", """{"spec":{}}""", """{"spec":{},"status":{"loadBalancer":{}}}""")]
    [InlineData("ingressclasses", """{"spec":{"controller":"c","parameters":{"kind":"K","name":"n"}}}""",
        """{"spec":{"controller":"c","parameters":{"kind":"K","name":"n","scope":"Cluster"}}}""")]
    public void Network(string plural, string before, string after) => AssertDefaults(plural, before, after);

    [Theory]
    [InlineData("namespaces", """{"metadata":{"name":"x"}}""", """
        {"metadata":{"name":"x","labels":{"kubernetes.io/metadata.name":"x"}},"spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}}
        """)]
    [InlineData("namespaces",
        """{"metadata":{"name":"x","labels":{"a":"1"},"deletionTimestamp":"2026-12-01T10:00:00Z"},"status":{"phase":"Terminating"}}""", """
        {"metadata":{"name":"x","labels":{"a":"1","kubernetes.io/metadata.name":"x"},"deletionTimestamp":"2026-12-01T10:00:00Z"},
         "status":{"phase":"Terminating"}}
        """)]
    [InlineData("nodes", """{"status":{"capacity":{"cpu":"2"}}}""",
        """{"status":{"capacity":{"cpu":"2"},"allocatable":{"cpu":"2"}}}""")]
    [InlineData("secrets", """{"data":{"a":"YQ==","b":"YQ=="},"stringData":{"b":"b","c":"ü"}}""",
        """{"type":"Opaque","data":{"a":"YQ==","b":"Yg==","c":"w7w="}}""")]
    [InlineData("secrets", """{"type":"kubernetes.io/tls"}""", """{"type":"kubernetes.io/tls"}""")]
    [InlineData("configmaps", """{"data":{"a":""}}""", """{"data":{"a":""}}""")]
    [InlineData("serviceaccounts", """{"metadata":{"name":"a"}}""", """{"metadata":{"name":"a"}}""")]
    [InlineData("leases", """{"spec":{}}""", """{"spec":{}}""")]
    [InlineData("persistentvolumeclaims", """{"spec":{}}""",
        """{"spec":{"volumeMode":"Filesystem"},"status":{"phase":"Pending"}}""")]
    [InlineData("persistentvolumes", """{"spec":{"hostPath":{"path":"/x"}}}""", """
        {"spec":{"hostPath":{"path":"/x","type":""},"persistentVolumeReclaimPolicy":"Retain","volumeMode":"Filesystem"},
         "status":{"phase":"Pending"}}
        """)]
    [InlineData("limitranges",
        """{"spec":{"limits":[{"type":"Container","max":{"cpu":"2"},"min":{"memory":"1Mi"}},{"type":"Pod","max":{"cpu":"2"}}]}}""", """
        {"spec":{"limits":[{"type":"Container","max":{"cpu":"2"},"min":{"memory":"1Mi"},"default":{"cpu":"2"},
         "defaultRequest":{"cpu":"2","memory":"1Mi"}},{"type":"Pod","max":{"cpu":"2"}}]}}
        """)]
    [InlineData("storageclasses", """{"provisioner":"p"}""",
        """{"provisioner":"p","reclaimPolicy":"Delete","volumeBindingMode":"Immediate"}""")]
    [InlineData("priorityclasses", """{"value":1}""", """{"value":1,"preemptionPolicy":"PreemptLowerPriority"}""")]
    [InlineData("rolebindings",
        """{"roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"User","name":"u"},{"kind":"ServiceAccount","name":"s"}]}""", """
        {"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"r"},"subjects":[
         {"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"u"},{"kind":"ServiceAccount","name":"s"}]}
        """)]
    [InlineData("clusterrolebindings", """{"roleRef":{"kind":"ClusterRole","name":"r"},"subjects":[{"kind":"Group","name":"g"}]}""", """
        {"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"r"},"subjects":[
         {"apiGroup":"rbac.authorization.k8s.io","kind":"Group","name":"g"}]}
        """)]
    public void Cluster(string plural, string before, string after) => AssertDefaults(plural, before, after);

    [Theory]
    [InlineData("customresourcedefinitions", """{"spec":{"names":{"kind":"CronTab","plural":"crontabs"}}}""", """
        {"spec":{"names":{"kind":"CronTab","plural":"crontabs","singular":"crontab","listKind":"CronTabList"},"conversion":{"strategy":"None"}}}
        """)]
    [InlineData("validatingwebhookconfigurations",
        """{"webhooks":[{"name":"w","clientConfig":{"service":{"name":"s","namespace":"x"}},"rules":[{"operations":["CREATE"]}]}]}""", """
        {"webhooks":[{"name":"w","clientConfig":{"service":{"name":"s","namespace":"x","port":443}},
         "rules":[{"operations":["CREATE"],"scope":"*"}],"failurePolicy":"Fail","matchPolicy":"Equivalent",
         "namespaceSelector":{},"objectSelector":{},"timeoutSeconds":10}]}
        """)]
    [InlineData("mutatingwebhookconfigurations", """{"webhooks":[{"name":"w","failurePolicy":"Ignore"}]}""", """
        {"webhooks":[{"name":"w","failurePolicy":"Ignore","matchPolicy":"Equivalent","namespaceSelector":{},"objectSelector":{},
         "reinvocationPolicy":"Never","timeoutSeconds":10}]}
        """)]
    [InlineData("horizontalpodautoscalers", """{"spec":{"maxReplicas":3}}""", """
        {"spec":{"maxReplicas":3,"minReplicas":1,"metrics":[{"type":"Resource","resource":{"name":"cpu",
         "target":{"type":"Utilization","averageUtilization":80}}}]}}
        """)]
    [InlineData("horizontalpodautoscalers",
        """{"spec":{"minReplicas":2,"metrics":[{"type":"Pods"}],"behavior":{"scaleDown":{"stabilizationWindowSeconds":60}}}}""", """
        {"spec":{"minReplicas":2,"metrics":[{"type":"Pods"}],"behavior":{
         "scaleDown":{"stabilizationWindowSeconds":60,"selectPolicy":"Max","policies":[{"type":"Percent","value":100,"periodSeconds":15}]},
         "scaleUp":{"stabilizationWindowSeconds":0,"selectPolicy":"Max","policies":[
          {"type":"Pods","value":4,"periodSeconds":15},{"type":"Percent","value":100,"periodSeconds":15}]}}}}
        """)]
    public void Extensions(string plural, string before, string after) => AssertDefaults(plural, before, after);

    /// <summary>Also a field of a wrong shape is no reason to fail: what is wrong is said elsewhere.</summary>
    [Theory]
    [InlineData("""{"metadata":1,"spec":1,"status":1,"template":1,"subsets":1,"ports":1,"roleRef":1,"webhooks":1}""")]
    [InlineData("""
        {"spec":{"template":1,"strategy":[],"updateStrategy":1,"containers":{"a":1},"volumes":[1],"ports":[{"port":"x"}],
         "jobTemplate":[],"names":1,"conversion":1,"limits":[1],"behavior":1,"sessionAffinity":{}},"stringData":{"a":1}}
        """)]
    [InlineData("""{"spec":{"containers":[{"image":1,"env":[1],"livenessProbe":[],"ports":[{"containerPort":"x"}]}]}}""")]
    [InlineData("{}")]
    public void Wrong_shapes_are_left_as_they_are(string given) => Assert.All(ApiResources.BuiltIn, resource =>
        Defaulting.Apply(resource, Json.Object(given)));

    /// <summary>A default that no type knows would be refused when the object comes back.</summary>
    [Fact]
    public void Only_fields_of_the_types_are_filled_in() => Assert.All(ApiResources.BuiltIn, resource =>
    {
        var obj = Json.Object("""
            {"spec":{"template":{"spec":{"containers":[{"name":"c"}],"volumes":[{"name":"v"}]}},"containers":[{"name":"c"}],
             "volumes":[{"name":"v"}],"ports":[{"port":1}],"names":{"kind":"K"},"behavior":{},"type":"LoadBalancer",
             "jobTemplate":{"spec":{"template":{"spec":{"containers":[{"name":"c"}]}}}},"volumeClaimTemplates":[{}]},
             "template":{"spec":{}},"webhooks":[{}],"subjects":[{"kind":"User"}],"roleRef":{},"ports":[{}]}
            """);
        var type = SchemaSet.BuiltIn.Of(resource)!;
        var before = UnknownFields.Find(obj, type);
        Defaulting.Apply(resource, obj);
        Assert.Empty(UnknownFields.Find(obj, type).Except(before));
        Assert.Empty(TypeMismatches.Find(obj, type));
    });

    private static void AssertDefaults(string plural, string before, string after)
    {
        var resource = ApiResources.BuiltIn.First(r => r.Kind.Plural == plural);
        var obj = Json.Object(before);
        Defaulting.Apply(resource, obj);
        var expected = after.Replace("TEMPLATE", Template).Replace("POD", TemplateSpec);
        Json.AssertEqual(expected, obj);
        Defaulting.Apply(resource, obj);
        Json.AssertEqual(expected, obj);
    }
}
