using System.Net;
using Dataplane.Kubernetes.Loading;
using Dataplane.Planning;
using Dataplane.Planning.Services;

namespace Dataplane.Daemon.Tests.State;

/// <summary>What keeps a Service from an address or a port, with the text that it gives (Golden/CODE.yaml and
/// .txt).</summary>
public sealed class AddressGoldenTests
{
    private static string Here => SourceTree.Full("tests/Dataplane.Daemon.Tests/State/Golden");

    [Theory]
    [InlineData(AddressCodes.ServiceAddressNotPossible)]
    [InlineData(AddressCodes.ServiceAddressTaken)]
    [InlineData(AddressCodes.NodePortNotPossible)]
    [InlineData(AddressCodes.NodePortTaken)]
    [InlineData(AddressCodes.ServicesFull)]
    public void Every_code_says_what_its_example_says(string code)
    {
        // Of the small network twelve addresses are for Services that have none by custom, and eleven ports.
        var node = code != AddressCodes.ServicesFull ? NodeOptions.Default : new NodeOptions
        {
            Services = new ServiceRanges { NetworkIPv4 = IPNetwork.Parse("10.96.0.0/28"), NodePorts = (30000, 30010) },
        };
        var loaded = ManifestLoader.LoadText($"{code}.yaml", File.ReadAllText($"{Here}/{code}.yaml"));
        Assert.False(loaded.HasErrors, loaded.Report());
        var found = ClusterBuilder.Build(loaded.Manifests, node).Diagnostics;
        Assert.All(found, d => Assert.Equal(code, d.Code));
        GoldenFile.AssertEqual($"{Here}/{code}.txt", (loaded with { Diagnostics = found }).Report());
    }
}
