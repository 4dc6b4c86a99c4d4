using System.Text;

namespace Dataplane.Bench;

/// <summary>The shapes of <see cref="TypicalCluster"/> as people write them, a document for each object.</summary>
internal static class TypicalManifests
{
    private const string Separator = "---\n";

    /// <summary>All of it as one file.</summary>
    public static string Of(int pods, int policies, int namespaces)
    {
        var text = new StringBuilder();
        for (var i = 0; i < namespaces; i++)
        {
            text.Append($"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ns{i}\n  labels:\n"
                + $"    team: \"{i % 10}\"\n").Append(Separator);
        }
        for (var i = 0; i < pods; i++) text.Append(Pod(i, namespaces)).Append(Separator);
        for (var i = 0; i < policies; i++) text.Append(Policy(i, namespaces, 80)).Append(Separator);
        return text.ToString();
    }

    /// <summary>As requests name it: <c>namespace/name</c>.</summary>
    public static string PodName(int number, int namespaces) => $"ns{number % namespaces}/p{number}";

    public static string Pod(int number, int namespaces) => $"""
        apiVersion: v1
        kind: Pod
        metadata:
          name: p{number}
          namespace: ns{number % namespaces}
          labels:
            app: "{number / namespaces % 5}"
        spec:
          containers:
          - name: main
            image: registry.example/app:{number / namespaces % 5}
            ports:
            - containerPort: 80

        """;

    /// <summary>The first of a namespace denies everything; the next ones are for an application each.</summary>
    /// <param name="port">What one of its rules is about, so that there is something to edit.</param>
    public static string Policy(int number, int namespaces, int port) => $$"""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: np{{number}}
          namespace: ns{{number % namespaces}}
        spec:

        """ + ((number / namespaces + number) % 4) switch
    {
        0 => "  podSelector: {}\n  policyTypes: [Ingress]\n",
        1 => "  podSelector:\n    matchLabels:\n      app: \"1\"\n  ingress:\n  - from:\n    - podSelector:\n"
            + $"        matchLabels:\n          app: \"2\"\n    ports:\n    - port: {port}\n    - port: 443\n",
        2 => "  podSelector:\n    matchLabels:\n      app: \"2\"\n  ingress:\n  - from:\n    - namespaceSelector:\n"
            + $"        matchLabels:\n          team: \"{number % 10}\"\n    ports:\n    - port: {8000 + port}\n"
            + $"      endPort: {8010 + port}\n",
        _ => "  podSelector:\n    matchLabels:\n      app: \"3\"\n  policyTypes: [Egress]\n  egress:\n  - to:\n"
            + "    - ipBlock:\n        cidr: 0.0.0.0/0\n        except: [10.0.0.0/8, 169.254.0.0/16]\n    ports:\n"
            + $"    - port: {port}\n  - to:\n    - podSelector: {{}}\n",
    };
}
