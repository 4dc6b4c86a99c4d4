using System.Net;
using Dataplane.Kubernetes.Diagnostics;

namespace Dataplane.Kubernetes.Tests;

public sealed class NodeTests
{
    [Fact]
    public void A_node_has_labels_and_internal_addresses()
    {
        var node = Assert.Single(Given.Text("""
            apiVersion: v1
            kind: Node
            metadata: {name: node-1, labels: {a: b}}
            spec: {podCIDR: 10.244.0.0/24, anything: [1]}
            status:
              capacity: {cpu: "4"}
              addresses:
              - {type: InternalIP, address: 172.31.255.1}
              - {type: InternalIP, address: "fd00::1"}
              - {type: ExternalIP, address: 1.2.3.4}
              - {type: Hostname, address: node-1}
            """).Clean().Nodes);
        Assert.Equal("b", node.Labels["a"]);
        Assert.Equal([IPAddress.Parse("172.31.255.1"), IPAddress.Parse("fd00::1")], node.Addresses);
    }

    [Fact]
    public void A_node_with_a_wrong_address_is_refused()
        => Given.Text("{apiVersion: v1, kind: Node, metadata: {name: node}, status: {addresses: [{type: InternalIP, "
            + "address: 1.2.3}]}}").Only(Codes.InvalidAddress);
}
