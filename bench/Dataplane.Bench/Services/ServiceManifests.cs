using System.Text;

namespace Dataplane.Bench;

/// <summary>
/// The pods and policies of <see cref="TypicalManifests"/> and Services for them: as many as pods, each of which finds
/// three pods of its namespace by a label.
/// </summary>
internal static class ServiceManifests
{
    private const int Endpoints = 3;

    /// <summary>Pods with the labels that Services look for, and policies.</summary>
    public static string Pods(int pods, int policies, int namespaces)
    {
        var text = new StringBuilder();
        for (var i = 0; i < namespaces; i++)
        {
            text.Append($"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ns{i}\n"
                + $"  labels:\n    team: \"{i % 10}\"\n---\n");
        }
        for (var i = 0; i < pods; i++) text.Append(Pod(i, pods, namespaces, isReady: true)).Append("---\n");
        for (var i = 0; i < policies; i++) text.Append(TypicalManifests.Policy(i, namespaces, 80)).Append("---\n");
        return text.ToString();
    }

    public static string Services(int services, int namespaces)
    {
        var text = new StringBuilder();
        for (var i = 0; i < services; i++)
        {
            text.Append($"apiVersion: v1\nkind: Service\nmetadata:\n  name: s{i}\n  namespace: ns{i % namespaces}\n"
                + $"spec:\n  selector:\n    in-{i / namespaces}: \"yes\"\n  ports:\n  - port: 80\n"
                + "    targetPort: 8080\n---\n");
        }
        return text.ToString();
    }

    /// <summary>A pod that is an endpoint of three Services, or none of any.</summary>
    public static string Pod(int number, int pods, int namespaces, bool isReady)
    {
        var (place, each) = (number / namespaces, pods / namespaces);
        var labels = string.Concat(
            Enumerable.Range(0, Endpoints).Select(i => $"    in-{(place + i) % each}: \"yes\"\n"));
        return TypicalManifests.Pod(number, namespaces).Replace("  labels:\n", "  labels:\n" + labels,
            StringComparison.Ordinal)
            + $"status:\n  conditions:\n  - type: Ready\n    status: \"{(isReady ? "True" : "False")}\"\n";
    }
}
