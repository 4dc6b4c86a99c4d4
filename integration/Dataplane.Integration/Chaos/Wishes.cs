using Dataplane.Api;

namespace Dataplane.Integration.Chaos;

/// <summary>A random desired state, one object an entry, and random changes of it.</summary>
internal sealed class Wishes(Random random)
{
    private const int Namespaces = 3, Pods = 10, Policies = 6;

    /// <summary>Manifests by kind and name.</summary>
    public Dictionary<ObjectReference, string> Objects { get; private set; } = [];

    public void Adopt(Dictionary<ObjectReference, string> objects) => Objects = objects;

    /// <summary>
    /// The objects after a random change, and what it deletes; what it sets is the rest of the difference.
    /// </summary>
    public (Dictionary<ObjectReference, string> Next, ObjectReference[] Deleted) Change()
    {
        var next = new Dictionary<ObjectReference, string>(Objects);
        List<ObjectReference> deleted = [];
        if (random.Next(4) == 0 && Objects.Count > 0)
        {
            foreach (var victim in Objects.Keys.Where(o => o.Kind != "Namespace")
                .OrderBy(_ => random.Next())
                .Take(random.Next(1, 3)))
            {
                next.Remove(victim);
                deleted.Add(victim);
            }
            return (next, [.. deleted]);
        }
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var (name, text) = random.Next(7) switch
            {
                0 => Namespace(),
                < 4 => Pod(),
                _ => Policy(),
            };
            next[name] = text;
        }
        return (next, []);
    }

    private (ObjectReference, string) Namespace()
    {
        var name = $"n{random.Next(Namespaces)}";
        return (new("Namespace", name),
            $"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{team: {Letter()}}}}}\n");
    }

    private (ObjectReference, string) Pod()
    {
        var (ns, name) = ($"n{random.Next(Namespaces)}", $"p{random.Next(Pods)}");
        return (new("Pod", $"{ns}/{name}"), $"""
            apiVersion: v1
            kind: Pod
            metadata: {"{"}name: {name}, namespace: {ns}, labels: {"{"}app: {Letter()}{"}"}{"}"}
            spec: {"{"}containers: [{"{"}name: c, image: i, ports: [{"{"}containerPort: 80{"}"}]{"}"}]{"}"}

            """);
    }

    private (ObjectReference, string) Policy()
    {
        var (ns, name) = ($"n{random.Next(Namespaces)}", $"np{random.Next(Policies)}");
        var direction = random.Next(2) == 0 ? ("Ingress", "ingress", "from") : ("Egress", "egress", "to");
        var rules = random.Next(4) switch
        {
            0 => "[]",
            1 => $"[{{{direction.Item3}: [{{podSelector: {{matchLabels: {{app: {Letter()}}}}}}}], ports: "
                + $"[{{port: 80}}]}}]",
            2 => $"[{{{direction.Item3}: [{{namespaceSelector: {{matchLabels: {{team: {Letter()}}}}}}}]}}]",
            _ => "[{ports: [{port: 80}, {protocol: UDP, port: 53}]}]",
        };
        return (new("NetworkPolicy", $"{ns}/{name}"), $"""
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {"{"}name: {name}, namespace: {ns}{"}"}
            spec: {"{"}podSelector: {"{"}matchLabels: {"{"}app: {Letter()}{"}"}{"}"}, policyTypes: [{direction.Item1}], {direction.Item2}: {rules}{"}"}

            """);
    }

    private char Letter() => "abc"[random.Next(3)];
}
