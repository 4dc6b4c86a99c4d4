using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Kubernetes.Tests;

/// <summary>Mistakes that are often made in Services: what is said of them, and at which place.</summary>
public sealed class ServiceMistakeTests
{
    private const string Empty = "list at least one port, or write `clusterIP: None` for a headless Service";

    [Theory]
    [InlineData("{ports: []}", "K007 4:15 Service.spec.ports is empty", Empty)]
    [InlineData("{selector: {matchLabels: {app: a}}, ports: [{port: 80}]}",
        "K009 4:19 the selector of a Service has no `matchLabels`", "write the labels directly under `selector:`")]
    [InlineData("{clusterIP: none, ports: [{port: 80}]}", "K014 4:19 `none` is not an address that a Service can have",
        "write `None` for a headless Service")]
    [InlineData("{type: ExternalName, externalName: 192.0.2.1}", "K025 4:42 `192.0.2.1` is an address, and an "
        + "ExternalName is a name: resolvers look for a host that is called so",
        "write a Service without a selector, and Endpoints with the address")]
    [InlineData("{type: ExternalName, externalName: a.test, selector: {a: b}}",
        "K025 4:50 Service.spec.selector is not looked at: the Service is an alias of `a.test`",
        "remove it, or write another `type`")]
    public void A_mistake_has_its_remedy(string spec, string said, string help)
    {
        var found = Assert.Single(Load(spec).Diagnostics);
        Assert.Equal(said, $"{found.Code} {found.Position.Line}:{found.Position.Column} {found.Message}");
        Assert.Equal(help, found.Help);
    }

    /// <summary>ValidateService asks for a port of neither.</summary>
    [Theory]
    [InlineData("{clusterIP: None, ports: []}")]
    [InlineData("{type: ExternalName, externalName: a.test, ports: []}")]
    public void A_Service_that_leads_no_packet_needs_no_port(string spec) => Assert.Empty(Load(spec).Diagnostics);

    [Fact]
    public void Warnings_do_not_refuse() => Assert.Equal(Severity.Warning,
        Assert.Single(Load("{type: ExternalName, externalName: 192.0.2.1}").Diagnostics).Severity);

    private static LoadResult Load(string spec) => ManifestLoader.LoadText("s.yaml",
        $"apiVersion: v1\nkind: Service\nmetadata: {{name: s}}\nspec: {spec}\n");
}
