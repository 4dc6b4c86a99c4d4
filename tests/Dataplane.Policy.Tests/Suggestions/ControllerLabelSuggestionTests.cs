using Dataplane.Policy.Suggestions;

namespace Dataplane.Policy.Tests;

/// <summary>Suggestions name labels that somebody wrote: those of a controller change, or belong to one pod.</summary>
public sealed class ControllerLabelSuggestionTests
{
    private static Lab Lab => new Lab().Namespace("x").Pod("x/web", "app=web")
        .Pod("x/job", "app=job, job-name=(generated), controller-uid=(generated)")
        .Pod("x/db-0", "app=db, apps.kubernetes.io/pod-index=0, statefulset.kubernetes.io/pod-name=db-0")
        .Policy("x/p", "app=web", ingress: []);

    private static string[] Find(Lab lab, string from, string to, bool allow) =>
        [.. Suggestion.Find(lab.Cluster, lab.Flow(from, to, "TCP:80"), allow)!.Edits.Select(edit => edit.Text)];

    [Theory]
    [InlineData("x/job", "job")]
    [InlineData("x/db-0", "db")]
    public void A_peer_is_known_by_the_labels_of_its_template(string from, string app) => Assert.Equal(
        [$"add to ingress: {{from: [{{podSelector: {{matchLabels: {{app: {app}}}}}}}], "
            + "ports: [{protocol: TCP, port: 80}]}"],
        Find(Lab, from, "x/web", allow: true));

    [Fact]
    public void Nobody_labels_a_pod_as_its_controller_does()
    {
        var lab = Lab.Policy("x/q", "app=web", ingress: [Rule.Of([Rule.Pods("job-name")], ["TCP 80"]),
            Rule.Of([Rule.Pods("!job-name, app=none")], ["TCP 80"])]);
        Assert.All(Find(lab, "x/db-0", "x/web", allow: true),
            edit => Assert.DoesNotContain("label job-name", edit, StringComparison.Ordinal));
    }
}
