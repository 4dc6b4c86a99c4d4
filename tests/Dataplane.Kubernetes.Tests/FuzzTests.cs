using System.Text;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Kubernetes.Tests;

/// <summary>No input causes an exception, and all diagnostics can be rendered.</summary>
public sealed class FuzzTests : IDisposable
{
    private readonly TempDirectory _directory = TempDirectory.InMemory();

    private const string Valid = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: p, namespace: x, labels: {a: "b"}}
        spec:
          podSelector:
            matchLabels: &l
              app: web
            matchExpressions:
            - {key: k, operator: In, values: [a, 'b']}
          policyTypes: [Ingress, Egress]
          ingress:
          - from:
            - podSelector: {matchLabels: *l}
            - ipBlock:
                cidr: 10.0.0.0/8
                except:
                - 10.1.0.0/16
            ports:
            - port: 80
              endPort: 90
            - protocol: UDP
              port: dns
        ---
        apiVersion: v1
        kind: List
        items:
        - apiVersion: v1
          kind: Pod
          metadata:
            name: p
            annotations:
              text: |
                many
                  lines
          spec:
            containers:
            - name: c
              ports:
              - {name: http, containerPort: 80}
          status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}]}
        ---
        apiVersion: v1
        kind: Namespace
        metadata:
          name: x
        ---
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: {name: c}
        spec:
          tier: Admin
          priority: 10
          subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {a: b}}}}
          egress:
          - action: Accept
            name: out
            to:
            - networks: [10.0.0.0/8, "fd00::/8"]
            - nodes: {}
            protocols:
            - tcp: {destinationPort: {range: {start: 1, end: 9}}}
        ---
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: BaselineAdminNetworkPolicy
        metadata: {name: default}
        spec:
          subject: {namespaces: {}}
          ingress:
          - action: Deny
            from: [{namespaces: {}}]
            ports: [{portNumber: {port: 1}}, {namedPort: web}]
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: s}
        spec:
          replicas: 2
          ordinals: {start: 1}
          selector: {matchLabels: {a: b}}
          template:
            metadata: {labels: {a: b}}
            spec: {containers: [{name: c}]}

        """;

    public void Dispose() => _directory.Dispose();

    private static void Check(LoadResult result)
    {
        Assert.DoesNotContain(result.Report(), c => char.IsControl(c) && c != '\n');
        Assert.All(result.Diagnostics, d => Assert.True(d.Position is { Line: >= 1, Column: >= 1 } && d.Length >= 1));
    }

    [Fact]
    public void The_sample_is_valid() => Given.Text(Valid).Only(Codes.WorkloadPods);

    [Fact]
    public void Random_bytes()
    {
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var bytes = new byte[random.Next(400)];
            random.NextBytes(bytes);
            File.WriteAllBytes(_directory["fuzz.yaml"], bytes);
            var result = ManifestLoader.Load([_directory["fuzz.yaml"]]);
            Check(result);
            Assert.True(result.HasErrors);
        }
    }

    [Fact]
    public void Random_punctuation()
    {
        const string alphabet = "{}[]:,-?&*!|>'\"%@`#~ \n\t.<=a1kind: ";
        var random = new Random(2);
        for (var i = 0; i < 3000; i++)
        {
            Check(Given.Text(string.Concat(
                Enumerable.Range(0, random.Next(60)).Select(_ => alphabet[random.Next(alphabet.Length)]))));
        }
    }

    [Fact]
    public void Truncated_anywhere()
    {
        for (var i = 0; i < Valid.Length; i++)
        {
            Check(Given.Text(Valid[..i]));
        }
    }

    [Fact]
    public void Mutated()
    {
        const string alphabet = "{}[]:,-?&*!|>'\"%@#~ \n\t0aZ\u00e9\u2028\r";
        var random = new Random(3);
        for (var i = 0; i < 3000; i++)
        {
            var text = new StringBuilder(Valid);
            for (var n = random.Next(1, 6); n > 0; n--)
            {
                var at = random.Next(text.Length);
                switch (random.Next(4))
                {
                    case 0: text[at] = alphabet[random.Next(alphabet.Length)]; break;
                    case 1: text.Insert(at, alphabet[random.Next(alphabet.Length)]); break;
                    case 2: text.Remove(at, Math.Min(random.Next(1, 12), text.Length - at)); break;
                    default: text.Insert(at, Valid.AsSpan(random.Next(Valid.Length - 20), 20)); break;
                }
            }
            Check(Given.Text(text.ToString()));
        }
    }

    [Fact]
    public void Ten_megabytes_load()
    {
        var text = new StringBuilder();
        var pods = 0;
        while (text.Length < 10_000_000)
        {
            text.Append($"apiVersion: v1\nkind: Pod\nmetadata:\n  name: pod-{pods++}\n  labels: {{app: web}}\n"
                + $"  annotations:\n    text: {new string('x', 800)}\n"
                + "spec:\n  containers:\n  - name: c\n    ports:\n    - containerPort: 80\n---\n");
        }
        Assert.Equal(pods, Given.Text(text.ToString()).Clean().Pods.Count);
    }
}
