using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Defaults;

internal static class ContainerDefaults
{
    public static void Apply(JsonObject container)
    {
        container.Default("imagePullPolicy", PullPolicy(container.Text("image") ?? ""));
        container.Default("resources", new JsonObject());
        container.Default("terminationMessagePath", "/dev/termination-log");
        container.Default("terminationMessagePolicy", "File");
        foreach (var port in container.Items("ports"))
        {
            port.Default("protocol", "TCP");
        }
        foreach (var variable in container.Items("env"))
        {
            variable.Find("valueFrom")?.Find("fieldRef")?.Default("apiVersion", "v1");
        }
        foreach (var name in (string[])["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container.Find(name) is { } probe)
            {
                Probe(probe);
            }
        }
        foreach (var name in (string[])["postStart", "preStop"])
        {
            HttpGet(container.Find("lifecycle")?.Find(name)?.Find("httpGet"));
        }
    }

    /// <summary>What a container may use at most, it asks for, unless it says otherwise.</summary>
    public static void RequestLimits(JsonObject container)
    {
        if (container.Find("resources") is not { } resources || resources.Find("limits") is not { Count: > 0 } limits)
        {
            return;
        }
        var requests = resources.Mapping("requests");
        foreach (var (name, amount) in limits)
        {
            if (amount is not null && !requests.ContainsKey(name))
            {
                requests[name] = amount.DeepClone();
            }
        }
    }

    /// <summary>
    /// An image whose tag is <c>latest</c>, or that has neither tag nor digest, is fetched each time.
    /// </summary>
    public static string PullPolicy(string image)
    {
        var reference = image.Split('@');
        var tag = reference[0][(reference[0].LastIndexOf('/') + 1)..].Split(':') is [_, var given] ? given
            : reference.Length > 1 ? "" : "latest";
        return tag == "latest" ? "Always" : "IfNotPresent";
    }

    private static void Probe(JsonObject probe)
    {
        probe.DefaultNumber("failureThreshold", 3);
        probe.DefaultNumber("periodSeconds", 10);
        probe.DefaultNumber("successThreshold", 1);
        probe.DefaultNumber("timeoutSeconds", 1);
        HttpGet(probe.Find("httpGet"));
        probe.Find("grpc")?.Default("service", "");
    }

    private static void HttpGet(JsonObject? action)
    {
        action?.Default("path", "/");
        action?.Default("scheme", "HTTP");
    }
}
