using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Tests;

/// <summary>The workload that users know a pod by.</summary>
public sealed class WorkloadNameTests
{
    private static string Pod(string name, string labels, string owner) => $$"""
        apiVersion: v1
        kind: Pod
        metadata:
          name: {{name}}
          namespace: x
          labels: { {{labels}} }
          ownerReferences: [{ {{owner}}, uid: u, controller: true }]
        spec: { containers: [{ name: c, image: i }] }

        """;

    [Theory]
    [InlineData("pod-template-hash: 5d8f", "apiVersion: apps/v1, kind: ReplicaSet, name: web-5d8f", "web")]
    [InlineData("pod-template-hash: other", "apiVersion: apps/v1, kind: ReplicaSet, name: web-5d8f", "web-5d8f")]
    [InlineData("app: db", "apiVersion: apps/v1, kind: StatefulSet, name: db", "db")]
    [InlineData("app: db", "apiVersion: batch/v1, kind: Job, name: backup-29000000", "backup")]
    [InlineData("app: db", "apiVersion: batch/v1, kind: Job, name: backup", "backup")]
    [InlineData("rollouts-pod-template-hash: 5d8f", "apiVersion: apps/v1, kind: ReplicaSet, name: web-5d8f", "web")]
    [InlineData("deploymentconfig: web", "apiVersion: v1, kind: ReplicationController, name: web-3", "web")]
    [InlineData("app: db", "apiVersion: v1, kind: ReplicationController, name: web-3", "web-3")]
    [InlineData("app: db", "apiVersion: v1, kind: Node, name: node1", null)]
    public void Of_a_pod_its_owners_tell(string labels, string owner, string? workload) =>
        Assert.Equal(workload, Assert.Single(Load(Pod("p", labels, owner)).Manifests.Pods).Workload);

    [Theory]
    [InlineData("ReplicaSet", "web-5d8f", "Deployment", "web")]
    [InlineData("ReplicaSet", "web", "", "web")]
    [InlineData("Deployment", "web", "Custom", "web")]
    public void Of_a_template_the_name_or_that_of_its_maker(string kind, string name, string owner, string workload)
    {
        var owners = owner.Length == 0 ? ""
            : $", ownerReferences: [{{ apiVersion: apps/v1, kind: {owner}, name: web, uid: u, controller: true }}]";
        var pod = Assert.Single(Load($$"""
            apiVersion: apps/v1
            kind: {{kind}}
            metadata: { name: {{name}}, namespace: x{{owners}} }
            spec:
              selector: { matchLabels: { app: web } }
              template:
                metadata: { labels: { app: web } }
                spec: { containers: [{ name: c, image: i }] }

            """).Manifests.Pods);
        Assert.Equal(workload, pod.Workload);
    }

    [Theory]
    [InlineData("argoproj.io/v1alpha1", "Rollout")]
    [InlineData("apps.openshift.io/v1", "DeploymentConfig")]
    [InlineData("apps.kruise.io/v1beta1", "StatefulSet")]
    [InlineData("example.com/v1", "Fleet")]
    public void Of_another_projects_template_too(string apiVersion, string kind) => Assert.Equal(["web", "web"],
        Load($$"""
            apiVersion: {{apiVersion}}
            kind: {{kind}}
            metadata: { name: web, namespace: x }
            spec:
              replicas: 2
              template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: c, image: i }] } }

            """).Manifests.Pods.Select(p => p.Workload));

    /// <summary>The pods count once, by their owners' names, where only the Rollout is there beside them.</summary>
    [Fact]
    public void Pods_of_a_rollout_count_instead_of_its_template() => Assert.Equal(["x/p"],
        Load(Pod("p", "rollouts-pod-template-hash: 5d8f", "apiVersion: apps/v1, kind: ReplicaSet, name: web-5d8f")
            + """
            ---
            apiVersion: argoproj.io/v1alpha1
            kind: Rollout
            metadata: { name: web, namespace: x }
            spec: { template: { spec: { containers: [{ name: c, image: i }] } } }

            """).Manifests.Pods.Select(p => p.FullName));

    private static LoadResult Load(string text)
    {
        var loaded = ManifestLoader.LoadTexts([new SourceText("t.yaml", text)]);
        Assert.False(loaded.HasErrors, string.Join('\n', loaded.Diagnostics.Select(d => d.Message)));
        return loaded;
    }
}
