namespace Dataplane.ApiMachinery.Tests.Tables;

public class RowTests
{
    private const string Template = """
        {"spec": {"containers": [{"name": "a", "image": "i"}, {"name": "b", "image": "j"}]}}
        """;

    [Theory]
    [InlineData("deployments", """
        {"spec": {"replicas": 3, "template": TEMPLATE, "selector": {"matchLabels": {"app": "web"},
          "matchExpressions":
            [{"key": "t", "operator": "In", "values": ["y", "x"]}, {"key": "u", "operator": "Exists"}]}},
         "status": {"readyReplicas": 2, "updatedReplicas": 3, "availableReplicas": 1}}
        """, "x|2/3|3|1|60m|a,b|i,j|app=web,t in (x,y),u")]
    [InlineData("replicasets", """
        {"spec": {"replicas": 2, "template": TEMPLATE, "selector": {"matchLabels": {"app": "web"}}},
         "status": {"replicas": 2, "readyReplicas": 1}}
        """, "x|2|2|1|60m|a,b|i,j|app=web")]
    [InlineData("replicationcontrollers", """{"spec": {"replicas": 1, "selector": {"app": "web"}}}""",
        "x|1|0|0|60m|||app=web")]
    [InlineData("statefulsets", """{"spec": {"replicas": 1, "template": TEMPLATE}}""", "x|0/1|60m|a,b|i,j")]
    [InlineData("daemonsets", """
        {"spec": {"template": {"spec": {"nodeSelector": {"disk": "ssd"}}}, "selector": {}},
         "status": {"desiredNumberScheduled": 5, "currentNumberScheduled": 4, "numberReady": 3,
                    "updatedNumberScheduled": 2, "numberAvailable": 1}}
        """, "x|5|4|3|2|1|disk=ssd|60m|||<none>")]
    [InlineData("jobs", """
        {"spec": {"completions": 3}, "status": {"succeeded": 1, "startTime": "2026-03-01T11:58:30Z"}}
        """, "x|Running|1/3|90s|60m|||<none>")]
    [InlineData("jobs", """
        {"spec": {"parallelism": 2}, "status": {"succeeded": 1, "conditions": [{"type": "Complete", "status": "True"}],
         "startTime": "2026-03-01T11:00:00Z", "completionTime": "2026-03-01T11:00:05Z"}}
        """, "x|Complete|1/1 of 2|5s|60m|||<none>")]
    [InlineData("cronjobs", """
        {"spec": {"schedule": "* * * * *", "suspend": false, "jobTemplate": {"spec": {"template": TEMPLATE}}},
         "status": {"active": [{}], "lastScheduleTime": "2026-03-01T11:59:00Z"}}
        """, "x|* * * * *|<none>|False|1|60s|60m|a,b|i,j|<none>")]
    [InlineData("services", """
        {"spec": {"type": "NodePort", "clusterIP": "10.96.0.1", "selector": {"b": "1", "a": "2"},
         "ports": [{"port": 80, "nodePort": 30080}, {"port": 53, "protocol": "UDP"}]}}
        """, "x|NodePort|10.96.0.1|<none>|80:30080/TCP,53/UDP|60m|a=2,b=1")]
    [InlineData("services", """{"spec": {"type": "LoadBalancer", "clusterIPs": ["10.96.0.1"]}}""",
        "x|LoadBalancer|10.96.0.1|<pending>|<none>|60m|<none>")]
    [InlineData("services", """{"spec": {"type": "ExternalName", "externalName": "a.example"}}""",
        "x|ExternalName|<none>|a.example|<none>|60m|<none>")]
    [InlineData("endpoints", """
        {"subsets": [{"addresses": [{"ip": "10.0.0.1"}, {"ip": "10.0.0.2"}, {"ip": "fd00::1"}, {"ip": "10.0.0.4"}],
          "notReadyAddresses": [{"ip": "10.0.0.9"}], "ports": [{"port": 80}]}]}
        """, "x|10.0.0.1:80,10.0.0.2:80,[fd00::1]:80 + 1 more...|60m")]
    [InlineData("endpointslices", """
        {"addressType": "IPv4", "ports": [{"port": 80}, {"name": "n"}], "endpoints": [{"addresses": ["10.0.0.1"]}]}
        """, "x|IPv4|80,n|10.0.0.1|60m")]
    [InlineData("endpointslices", """{"addressType": "IPv6"}""", "x|IPv6|<unset>|<unset>|60m")]
    [InlineData("ingresses", """
        {"spec": {"ingressClassName": "c", "tls": [{}], "rules": [{"host": "a"}, {"host": "b"}]},
         "status": {"loadBalancer": {"ingress": [{"ip": "1.2.3.4"}]}}}
        """, "x|c|a,b|1.2.3.4|80, 443|60m")]
    [InlineData("networkpolicies", """{"spec": {"podSelector": {}}}""", "x|<none>|60m")]
    [InlineData("adminnetworkpolicies", """{"spec": {"priority": 7}}""", "x|7|60m")]
    [InlineData("clusternetworkpolicies", """{"spec": {"tier": "Admin", "priority": 7}}""", "x|Admin|7|60m")]
    [InlineData("baselineadminnetworkpolicies", "{}", "x|60m")]
    [InlineData("namespaces", """{"status": {"phase": "Active"}}""", "x|Active|60m")]
    [InlineData("nodes", """
        {"metadata": {"labels": {"node-role.kubernetes.io/control-plane": ""}}, "spec": {"unschedulable": true},
         "status": {"conditions": [{"type": "Ready", "status": "True"}], "nodeInfo": {"kubeletVersion": "v1"},
                    "addresses": [{"type": "InternalIP", "address": "10.0.0.1"}]}}
        """, "x|Ready,SchedulingDisabled|control-plane|60m|v1|10.0.0.1|<none>|<unknown>|<unknown>|<unknown>")]
    [InlineData("configmaps", """{"data": {"a": "1"}, "binaryData": {"b": ""}}""", "x|2|60m")]
    [InlineData("secrets", """{"type": "Opaque", "data": {"a": "MQ=="}}""", "x|Opaque|1|60m")]
    [InlineData("roles", "{}", "x|2026-03-01T11:00:00Z")]
    [InlineData("rolebindings", """
        {"roleRef": {"kind": "Role", "name": "r"}, "subjects": [{"kind": "User", "name": "u"},
         {"kind": "ServiceAccount", "name": "s", "namespace": "n"}]}
        """, "x|Role/r|60m|u||n/s")]
    [InlineData("persistentvolumeclaims", """
        {"spec": {"volumeName": "v", "storageClassName": "c"},
         "status": {"phase": "Bound", "capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"]}}
        """, "x|Bound|v|1Gi|RWO|c|<unset>|60m|<unset>")]
    [InlineData("persistentvolumes", """
        {"spec": {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteMany"], "claimRef":
          {"namespace": "n", "name": "c"}, "persistentVolumeReclaimPolicy": "Retain"}, "status": {"phase": "Bound"}}
        """, "x|1Gi|RWX|Retain|Bound|n/c||<unset>||60m|<unset>")]
    [InlineData("horizontalpodautoscalers", """
        {"spec": {"scaleTargetRef": {"kind": "Deployment", "name": "d"}, "minReplicas": 1, "maxReplicas": 5, "metrics":
          [{"type": "Resource", "resource": {"name": "cpu", "target": {"averageUtilization": 50}}}]},
         "status": {"currentReplicas": 2}}
        """, "x|Deployment/d|cpu: <unknown>/50%|1|5|2|60m")]
    [InlineData("poddisruptionbudgets", """{"spec": {"minAvailable": "50%"}, "status": {"disruptionsAllowed": 1}}""",
        "x|50%|N/A|1|60m")]
    [InlineData("resourcequotas", """
        {"status": {"hard": {"limits.cpu": "2", "cpu": "1", "pods": "4"},
                    "used": {"limits.cpu": "1", "cpu": "0", "pods": "3"}}}
        """, "x|cpu: 0/1, pods: 3/4|limits.cpu: 1/2|60m")]
    [InlineData("controllerrevisions", """
        {"metadata": {"ownerReferences":
          [{"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "d", "controller": true}]}, "revision": 3}
        """, "x|daemonset.apps/d|3|60m")]
    [InlineData("storageclasses", """
        {"metadata": {"annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}, "provisioner": "p"}
        """, "x (default)|p|Delete|Immediate|false|60m")]
    public void A_row_has_the_cells_of_the_API_server(string plural, string obj, string cells) =>
        Assert.Equal(cells, Rows.Text(plural, obj.Replace("TEMPLATE", Template, StringComparison.Ordinal)));

    [Theory]
    [InlineData("", """
        {"lastTimestamp": "2026-03-01T11:59:00Z", "firstTimestamp": "2026-03-01T11:58:00Z", "count": 3,
         "type": "Normal", "reason": "R", "involvedObject": {"kind": "Pod", "name": "p", "fieldPath": "spec"},
         "message": " m\n", "source": {"component": "c", "host": "h"}}
        """, "60s|Normal|R|pod/p|spec|c, h|m|2m|3|x")]
    [InlineData("events.k8s.io", """
        {"eventTime": "2026-03-01T11:59:00.000000Z", "type": "Normal", "reason": "R", "note": "m",
         "regarding": {"kind": "Pod", "name": "p"}, "reportingController": "c", "reportingInstance": "h"}
        """, "60s|Normal|R|pod/p||c, h|m|60s|1|x")]
    public void An_event_of_either_group_has_the_same_cells(string group, string obj, string cells) =>
        Assert.Equal(cells, Rows.Text("events", obj, group));
}
