using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Runtime.Commands;

namespace Dataplane.Runtime.Tests.Commands;

public sealed class ContainerCommandTests
{
    private static readonly PodFacts Pod = new("shop", "web-0",
        new Dictionary<string, string> { ["app/tier"] = "front" },
        [IPAddress.Parse("10.244.0.2"), IPAddress.Parse("fd00::2")], "node-1", [IPAddress.Parse("192.0.2.1")]);

    [Fact]
    public void Variables_are_taken_from_the_pod()
    {
        EnvironmentVariable[] all =
        [
            new("NAME", "", PodField.Name), new("NS", "", PodField.Namespace),
            new("TIER", "app/tier", PodField.Label), new("NO_LABEL", "app", PodField.Label),
            new("IP", "", PodField.PodAddress), new("IPS", "", PodField.PodAddresses),
            new("HOST", "", PodField.HostAddress), new("HOSTS", "", PodField.HostAddresses),
            new("NODE", "", PodField.NodeName),
        ];
        var command = ContainerCommand.Of(new ContainerSpec("c") { Environment = new(all) }, Pod);
        Assert.Equal(
            ["web-0", "shop", "front", "", "10.244.0.2", "10.244.0.2,fd00::2", "192.0.2.1", "192.0.2.1", "node-1"],
            all.Select(v => command.Variables[v.Name]));
        Assert.Equal("", ContainerCommand.Of(new ContainerSpec("c") { Environment = new(all) },
            Pod with { Addresses = [] }).Variables["IP"]);
    }

    [Fact]
    public void A_value_may_refer_to_variables_before_it_and_the_command_to_all()
    {
        var command = ContainerCommand.Of(new ContainerSpec("c")
        {
            Command = new("serve", "--as=$(NAME)"),
            Arguments = new("$(URL)", "$$(URL)", "$(NOBODY)"),
            Environment = new(new EnvironmentVariable("EARLY", "$(PORT)"), new("PORT", "80"), new("PORT", "81"),
                new("NAME", "", PodField.Name), new("URL", "http://$(NAME):$(PORT)/$(EARLY)")),
        }, Pod);
        Assert.Equal("$(PORT)", command.Variables["EARLY"]);
        Assert.Equal(["serve", "--as=web-0", "http://web-0:81/$(PORT)", "$(URL)", "$(NOBODY)"], command.Arguments);
    }
}
