using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Defaults;

/// <summary>CustomResourceDefinitions and webhooks.</summary>
internal static class ExtensionDefaults
{
    private const int HttpsPort = 443, TimeoutSeconds = 10;

    public static void CustomResourceDefinition(JsonObject definition)
    {
        var spec = definition.Mapping("spec");
        if (spec.Find("names") is { } names && names.Text("kind") is { Length: > 0 } kind)
        {
            names.Default("listKind", kind + "List");
            names.Default("singular", kind.ToLowerInvariant());
        }
        var conversion = spec.Mapping("conversion");
        conversion.Default("strategy", "None");
        conversion.Find("webhook")?.Find("clientConfig")?.Find("service")?.Default("port", HttpsPort);
    }

    public static void ValidatingWebhooks(JsonObject configuration)
    {
        foreach (var webhook in configuration.Items("webhooks"))
        {
            Webhook(webhook);
        }
    }

    public static void MutatingWebhooks(JsonObject configuration)
    {
        foreach (var webhook in configuration.Items("webhooks"))
        {
            Webhook(webhook);
            webhook.Default("reinvocationPolicy", "Never");
        }
    }

    private static void Webhook(JsonObject webhook)
    {
        webhook.Default("failurePolicy", "Fail");
        webhook.Default("matchPolicy", "Equivalent");
        webhook.Default("namespaceSelector", new JsonObject());
        webhook.Default("objectSelector", new JsonObject());
        webhook.Default("timeoutSeconds", TimeoutSeconds);
        webhook.Find("clientConfig")?.Find("service")?.Default("port", HttpsPort);
        foreach (var rule in webhook.Items("rules"))
        {
            rule.Default("scope", "*");
        }
    }
}
