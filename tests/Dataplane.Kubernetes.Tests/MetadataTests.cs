using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Kubernetes.Tests;

public sealed class MetadataTests
{
    private static LoadResult Named(string apiVersion, string kind, string metadata)
        => Given.Text($"apiVersion: {apiVersion}\nkind: {kind}\nmetadata:\n  {metadata}\n"
            + (kind == "Pod" ? "spec: {containers: [{name: c}]}\n" : ""));

    [Theory]
    [InlineData("a.b", "Pod", true)]
    [InlineData("a.b", "Namespace", false)]
    [InlineData("-a", "Pod", false)]
    [InlineData("a-", "Pod", false)]
    [InlineData("a..b", "Pod", false)]
    [InlineData("a.-b", "Pod", false)]
    [InlineData("A", "Pod", false)]
    [InlineData("a_b", "Pod", false)]
    [InlineData("''", "Pod", false)]
    [InlineData("ü", "Pod", false)]
    public void Names(string name, string kind, bool valid)
    {
        var result = Named("v1", kind, "name: " + name);
        Assert.Equal(valid ? [] : [Codes.InvalidName], result.Diagnostics.Select(d => d.Code));
    }

    [Theory]
    [InlineData(253, true)]
    [InlineData(254, false)]
    public void Name_length(int length, bool valid) =>
        Assert.Equal(valid, !Named("v1", "Pod", "name: " + new string('a', length)).HasErrors);

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Namespace_length(int length, bool valid) =>
        Assert.Equal(valid, !Named("v1", "Namespace", "name: " + new string('a', length)).HasErrors);

    [Fact]
    public void A_capital_gets_a_suggestion()
        => Assert.Equal("did you mean `database-pod-np`?",
            Named("networking.k8s.io/v1", "NetworkPolicy", "name: database-pod-NP").Only(Codes.InvalidName).Help);

    [Theory]
    [InlineData("namespace: a.b", Codes.InvalidName)]
    [InlineData("namespace: 1", Codes.WrongType)]
    [InlineData("lables: {}", Codes.UnknownField)]
    [InlineData("labels: []", Codes.WrongType)]
    [InlineData("annotations: {a: 1}", Codes.WrongType)]
    [InlineData("annotations: {'a b': x}", Codes.InvalidLabel)]
    public void Faults(string line, string code) => Named("v1", "Pod", "name: p\n  " + line).Only(code);

    [Fact]
    public void A_namespace_stands_in_no_namespace() =>
        Named("v1", "Namespace", "name: p\n  namespace: q").Only(Codes.InvalidValue);

    [Fact]
    public void A_name_is_required()
    {
        Named("v1", "Pod", "labels: {}").Only(Codes.MissingField);
        Assert.Contains("generateName", Named("v1", "Pod", "generateName: a-").Only(Codes.MissingField).Help);
        Given.Text("apiVersion: v1\nkind: Namespace\n").Only(Codes.MissingField);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("A_b.c-1", true)]
    [InlineData("example.com/a", true)]
    [InlineData("Example.com/a", false)]
    [InlineData("/a", false)]
    [InlineData("a/", false)]
    [InlineData("a/b/c", false)]
    [InlineData("-a", false)]
    [InlineData("a b", false)]
    public void Label_keys(string key, bool valid)
        => Assert.Equal(valid ? [] : [Codes.InvalidLabel], Given.Labels($"'{key}': v").Diagnostics.Select(d => d.Code));

    [Theory]
    [InlineData("a.b_c-D", true)]
    [InlineData("-a", false)]
    [InlineData("a/b", false)]
    [InlineData("a b", false)]
    public void Label_values(string value, bool valid)
        => Assert.Equal(valid ? [] : [Codes.InvalidLabel],
            Given.Labels($"k: '{value}'").Diagnostics.Select(d => d.Code));

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Label_lengths(int length, bool valid)
    {
        Assert.Equal(valid, !Given.Labels("k: " + new string('a', length)).HasErrors);
        Assert.Equal(valid, !Given.Labels(new string('a', length) + ": v").HasErrors);
    }

    [Fact]
    public void Every_namespace_has_its_name_as_label()
    {
        var ns = Given.Labels("team: a").Clean().Namespaces[0];
        Assert.Equal("n", ns.Labels["kubernetes.io/metadata.name"]);
        Given.Labels("kubernetes.io/metadata.name: 'n'").Clean();
        Given.Labels("kubernetes.io/metadata.name: m").Only(Codes.InvalidLabel);
    }

    [Fact]
    public void Namespaces_only_referred_to_exist_with_that_label_alone()
    {
        var set = Given.Text("""
            {apiVersion: v1, kind: Pod, metadata: {name: p, namespace: x}, spec: {containers: [{name: c}]}}
            ---
            {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {}}
            """).Clean();
        Assert.Equal(["default", "x"], set.Namespaces.Select(n => n.Name));
        Assert.All(set.Namespaces, n => Assert.Equal(n.Name, Assert.Single(n.Labels).Value));
        Assert.Equal("default/p", set.NetworkPolicies[0].FullName);
    }
}
