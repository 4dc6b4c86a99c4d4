using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Defaults;

internal static class VolumeDefaults
{
    private const int ReadableByAll = 0b110_100_100, Hour = 3600;

    public static void Apply(JsonObject volume)
    {
        if (volume.All(p => p.Key == "name" || p.Value is null))
        {
            volume["emptyDir"] = new JsonObject();
        }
        foreach (var name in (string[])["configMap", "downwardAPI", "projected", "secret"])
        {
            if (volume.Find(name) is { } source && source["defaultMode"] is null)
            {
                source["defaultMode"] = ReadableByAll;
            }
        }
        volume.Find("hostPath")?.Default("type", "");
        if (volume.Find("image") is { } image)
        {
            image.Default("pullPolicy", ContainerDefaults.PullPolicy(image.Text("reference") ?? ""));
        }
        FieldRefs(volume.Find("downwardAPI"));
        foreach (var source in volume.Find("projected")?.Items("sources") ?? [])
        {
            FieldRefs(source.Find("downwardAPI"));
            source.Find("serviceAccountToken")?.Default("expirationSeconds", Hour);
        }
        volume.Find("ephemeral")?.Find("volumeClaimTemplate")?.Find("spec")?.Default("volumeMode", "Filesystem");
    }

    /// <summary>A PersistentVolumeClaim.</summary>
    public static void Claim(JsonObject claim)
    {
        claim.Mapping("spec").Default("volumeMode", "Filesystem");
        claim.Mapping("status").Default("phase", "Pending");
    }

    /// <summary>A PersistentVolume.</summary>
    public static void Persistent(JsonObject volume)
    {
        var spec = volume.Mapping("spec");
        spec.Default("persistentVolumeReclaimPolicy", "Retain");
        spec.Default("volumeMode", "Filesystem");
        spec.Find("hostPath")?.Default("type", "");
        volume.Mapping("status").Default("phase", "Pending");
    }

    private static void FieldRefs(JsonObject? source)
    {
        foreach (var item in source?.Items("items") ?? [])
        {
            item.Find("fieldRef")?.Default("apiVersion", "v1");
        }
    }
}
