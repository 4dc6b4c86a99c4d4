using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Tests;

/// <summary>
/// A list without the items that are left out as asked for: its text is read by others, who are not asked the same.
/// </summary>
public sealed class LeftOutItemTests
{
    private const string Block = """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: k8s.ovn.org/v1
          kind: EgressFirewall
          metadata: {name: first}
        # of the pod
        - apiVersion: v1
          kind: Pod
          metadata: {name: good}
          spec: {containers: [{name: c}]}
        - {apiVersion: k8s.ovn.org/v1, kind: EgressFirewall,
           metadata: {name: last}}

        """;

    private const string Json = """
        {"apiVersion": "v1", "kind": "List", "items": [
          {"apiVersion": "k8s.ovn.org/v1", "kind": "EgressFirewall", "metadata": {"name": "a, }"}},
          {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "good"}, "spec": {"containers": [{"name": "c"}]}},
          {"apiVersion": "k8s.ovn.org/v1", "kind": "EgressFirewall", "metadata": {"name": "b"}}
        ]}

        """;

    private static LoadResult Load(string text) => ManifestLoader.Load(
        ["-"], new StringReader(text), options: new LoadOptions { Ignore = [Codes.UnsupportedPolicy] });

    [Theory]
    [InlineData(Block, "<stdin>:8:3")]
    [InlineData(Json, "<stdin>:3:3")]
    [InlineData(Block + "---\n" + "apiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n", "<stdin>:8:3")]
    public void Its_text_gives_the_other_objects_at_their_places(string text, string place)
    {
        var asked = Load(text);
        Assert.False(asked.HasErrors, asked.Report());
        var document = asked.Documents[0];
        var again = ManifestLoader.LoadTexts([new SourceText(document.File, document.Text, document.FirstLine)]);
        Assert.False(again.HasErrors, again.Report());
        var pod = Assert.Single(again.Manifests.Pods);
        Assert.Equal(("default/good", place), (pod.FullName, $"{pod.Position}"));
        Assert.Equal(place, $"{Assert.Single(asked.Manifests.Pods).Position}");
    }

    [Fact]
    public void Without_anything_to_leave_out_it_is_the_text_itself()
    {
        const string pods = "apiVersion: v1\nkind: List\nitems:\n"
            + "- {apiVersion: v1, kind: Namespace, metadata: {name: a}}\n";
        Assert.Equal(pods, Assert.Single(Load(pods).Documents).Text);
    }
}
