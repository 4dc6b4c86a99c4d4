using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Tests;

/// <summary>Label selectors, numbered as the semantics they pin down: 8, and the case of values.</summary>
public sealed class SelectorFacts
{
    [Theory]
    [InlineData("{}", "", true)]
    [InlineData("{}", "app=a", true)]
    [InlineData("app=a", "app=a", true)]
    [InlineData("app=a", "app=A", false)]
    [InlineData("App=a", "app=a", false)]
    [InlineData("app=a", "", false)]
    [InlineData("app=", "app=", true)]
    [InlineData("app=", "", false)]
    [InlineData("app in (a,b)", "app=b", true)]
    [InlineData("app in (a,b)", "app=c", false)]
    [InlineData("app in (a,b)", "", false)]
    public void In_needs_the_key_and_one_of_the_values(string selector, string labels, bool matches) =>
        Check(selector, labels, matches);

    [Theory]
    [InlineData("app!=a", "", true)]
    [InlineData("app!=a", "app=b", true)]
    [InlineData("app!=a", "app=a", false)]
    [InlineData("app notin (a,b)", "app=b", false)]
    [InlineData("app notin (a,b)", "app=", true)]
    public void Fact08_NotIn_matches_objects_without_the_key(string selector, string labels, bool matches) =>
        Check(selector, labels, matches);

    [Theory]
    [InlineData("app", "app=", true)]
    [InlineData("app", "app=x", true)]
    [InlineData("app", "other=x", false)]
    [InlineData("!app", "app=", false)]
    [InlineData("!app", "other=x", true)]
    public void Fact08_Exists_matches_an_empty_value_and_DoesNotExist_does_not(string selector, string labels,
        bool matches) =>
        Check(selector, labels, matches);

    [Theory]
    [InlineData("app=a, tier=x", "app=a,tier=x", true)]
    [InlineData("app=a, tier=x", "app=a,tier=y", false)]
    [InlineData("app=a, tier=x", "app=b,tier=x", false)]
    [InlineData("app=a, app!=a", "app=a", false)]
    public void Requirements_are_anded(string selector, string labels, bool matches) =>
        Check(selector, labels, matches);

    [Theory]
    [InlineData("{}")]
    [InlineData("app=client, tier in (a,b), !x")]
    [InlineData("a!=b, c notin (d,e), f, g=")]
    public void Text_is_what_kubectl_would_take(string text) => Assert.Equal(text, Selector.Of(text).Text());

    [Fact]
    public void An_In_without_values_matches_nothing()
    {
        var requirement = new SelectorRequirement("app", SelectorOperator.In, [], Selector.Nowhere);
        Assert.False(requirement.Matches(Selector.Labels("app=a")));
        Assert.Equal("app in ()", requirement.Text());
    }

    private static void Check(string selector, string labels, bool matches) =>
        Assert.Equal(matches, Selector.Of(selector).Matches(Selector.Labels(labels)));
}
