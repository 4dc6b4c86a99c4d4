using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.Tests;

/// <summary>A Deployment of the fields whose lists and mappings merge in different ways.</summary>
internal static class SmallTypes
{
    private static readonly ApiType Env = new("io.k8s.api.EnvVar", [Text("name"), Text("value")]);

    private static readonly ApiType Port = new("io.k8s.api.ContainerPort",
        [One("containerPort", ValueShape.Integer), Text("name"), Text("protocol") with { Default = "TCP" }]);

    private static readonly ApiType Container = new("io.k8s.api.Container",
    [
        ListOf("args", ValueShape.Text),
        MapList("env", Env, "name"),
        Text("image"),
        Text("name"),
        MapList("ports", Port, "containerPort") with { Keys = ["containerPort", "protocol"] },
    ]);

    private static readonly ApiType Selector = new("io.k8s.api.LabelSelector",
        [new("matchLabels", ValueShape.Text, ValueCount.Map, null)]);

    private static readonly ApiType EmptyDir = new("io.k8s.api.EmptyDirVolumeSource",
        [Text("medium"), Text("sizeLimit")]);

    private static readonly ApiType Volume = new("io.k8s.api.Volume",
    [
        Object("configMap", new ApiType("io.k8s.api.ConfigMapVolumeSource", [Text("name")])),
        Object("emptyDir", EmptyDir),
        Text("name"),
    ]);

    private static readonly ApiType Toleration = new("io.k8s.api.Toleration", [Text("key")]);

    private static readonly ApiType PodSpec = new("io.k8s.api.PodSpec",
    [
        MapList("containers", Container, "name"),
        new("nodeSelector", ValueShape.Text, ValueCount.Map, null) { IsAtomic = true },
        new("tolerations", ValueShape.Object, ValueCount.List, () => Toleration),
        MapList("volumes", Volume, "name") with { IsRetainKeys = true },
    ]);

    public static readonly ApiType Metadata = new("io.k8s.api.ObjectMeta",
    [
        new("annotations", ValueShape.Text, ValueCount.Map, null),
        ListOf("finalizers", ValueShape.Text) with { Merge = ListMerge.Set, IsPatchMerged = true },
        new("labels", ValueShape.Text, ValueCount.Map, null),
        Text("name"),
        Text("namespace"),
    ]);

    private static readonly ApiType Template = new("io.k8s.api.PodTemplateSpec",
        [Object("metadata", Metadata), Object("spec", PodSpec)]);

    private static readonly ApiType RollingUpdate = new("io.k8s.api.RollingUpdateDeployment",
        [One("maxSurge", ValueShape.IntegerOrText)]);

    private static readonly ApiType Strategy = new("io.k8s.api.DeploymentStrategy",
        [Object("rollingUpdate", RollingUpdate), Text("type")]);

    private static readonly ApiType Spec = new("io.k8s.api.DeploymentSpec",
    [
        One("paused", ValueShape.Boolean),
        One("replicas", ValueShape.Integer),
        Object("selector", Selector) with { IsAtomic = true },
        Object("strategy", Strategy) with { IsRetainKeys = true },
        Object("template", Template),
        Object("whole", Strategy) with { IsPatchReplaced = true },
    ]);

    public static readonly ApiType Deployment = new("io.k8s.api.Deployment",
        [Text("apiVersion"), Text("kind"), Object("metadata", Metadata), Object("spec", Spec)]);

    public static ApiResource Resource(string plural) => ApiResources.BuiltIn.First(r => r.Kind.Plural == plural);

    private static ApiField Text(string name) => One(name, ValueShape.Text);

    private static ApiField One(string name, ValueShape shape) => new(name, shape, ValueCount.One, null);

    private static ApiField ListOf(string name, ValueShape shape) => new(name, shape, ValueCount.List, null);

    private static ApiField Object(string name, ApiType type) =>
        new(name, ValueShape.Object, ValueCount.One, () => type);

    private static ApiField MapList(string name, ApiType type, string key) =>
        new(name, ValueShape.Object, ValueCount.List, () => type)
        {
            Merge = ListMerge.Map, Keys = [key], IsPatchMerged = true, PatchKey = key,
        };
}
