using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.Tests.Schemas;

public class SchemaSetTests
{
    [Fact]
    public void Every_kind_that_is_served_has_a_type_and_a_list()
    {
        foreach (var resource in ApiResources.BuiltIn)
        {
            var type = SchemaSet.BuiltIn.Of(resource);
            Assert.True(type is not null, resource.Path);
            Assert.Same(SchemaSet.BuiltIn.Find($"{SchemaSet.Meta}.ObjectMeta"), type.Find("metadata")?.Type?.Invoke());
            Assert.Same(type, SchemaSet.BuiltIn.Find(type.Name + "List")?.Find("items")?.Type?.Invoke());
        }
    }

    [Fact]
    public void Every_type_can_be_read_and_knows_the_types_of_its_fields()
    {
        foreach (var name in SchemaSet.BuiltIn.Names)
        {
            var type = SchemaSet.BuiltIn.Find(name)!;
            Assert.All(type.Fields, f => Assert.Equal(f.Shape == ValueShape.Object, f.Type?.Invoke() is not null));
        }
    }

    [Fact]
    public void Rules_of_merging_are_those_of_the_API()
    {
        var pod = Type("PodSpec");
        var containers = pod.Find("containers")!;
        Assert.Equal((ValueCount.List, ListMerge.Map, true, "name"),
            (containers.Count, containers.Merge, containers.IsPatchMerged, containers.PatchKey));
        Assert.Equal(["name"], containers.Keys);
        Assert.True(containers.IsRequired);
        Assert.True(pod.Find("volumes") is { IsRetainKeys: true, PatchKey: "name" });
        Assert.True(pod.Find("nodeSelector") is { IsAtomic: true, Count: ValueCount.Map });
        Assert.True(pod.Find("tolerations") is { Merge: ListMerge.Atomic, IsPatchMerged: false });
        Assert.Equal(["containerPort", "protocol"], Type("Container").Find("ports")!.Keys);
        Assert.Equal("TCP", Type("ContainerPort").Find("protocol")!.Default!.GetValue<string>());
        Assert.True(Type("ObjectMeta", SchemaSet.Meta).Find("finalizers")
            is { Merge: ListMerge.Set, PatchKey: null, IsPatchMerged: true });
        Assert.True(SchemaSet.BuiltIn.Find("io.k8s.api.apps.v1.DeploymentSpec")!.Find("selector")!.IsAtomic);
    }

    private static ApiType Type(string name, string package = "io.k8s.api.core.v1") =>
        SchemaSet.BuiltIn.Find($"{package}.{name}")!;
}
