using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Defaults;

/// <summary>HorizontalPodAutoscalers of autoscaling/v2.</summary>
internal static class AutoscalerDefaults
{
    private const int Percent = 80, Period = 15;

    public static void Apply(JsonObject autoscaler)
    {
        var spec = autoscaler.Mapping("spec");
        spec.Default("minReplicas", 1);
        if (spec["metrics"] is null or JsonArray { Count: 0 })
        {
            spec["metrics"] = new JsonArray(new JsonObject
            {
                ["resource"] = new JsonObject
                {
                    ["name"] = "cpu",
                    ["target"] = new JsonObject { ["averageUtilization"] = Percent, ["type"] = "Utilization" },
                },
                ["type"] = "Resource",
            });
        }
        if (spec.Find("behavior") is not { } behavior)
        {
            return;
        }
        var up = behavior.Mapping("scaleUp");
        up.Default("policies", new JsonArray(Policy("Pods", 4), Policy("Percent", 100)));
        up.Default("selectPolicy", "Max");
        up.Default("stabilizationWindowSeconds", 0);
        var down = behavior.Mapping("scaleDown");
        down.Default("policies", new JsonArray(Policy("Percent", 100)));
        down.Default("selectPolicy", "Max");
    }

    private static JsonObject Policy(string type, int value) =>
        new() { ["periodSeconds"] = Period, ["type"] = type, ["value"] = value };
}
