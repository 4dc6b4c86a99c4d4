using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Dataplane.Api;
using Dataplane.Api.Networks;

namespace Dataplane.Cni.Results;

/// <summary>
/// The result of ADD in the format of a version (CNI specification, "Success"; SPEC.md of v0.2.0, v0.4.0, v1.1.0): what
/// the plugins before this one have made, then the pod's interface.
/// </summary>
internal static class ResultWriter
{
    public static byte[] Write(NetworkConfig config, AttachmentEntry pod, string netns)
    {
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("cniVersion", config.Version.ToString());
            if (config.Version.HasFlatResults) WriteFlat(json, pod);
            else WriteLists(json, config, pod, netns);
            WriteDns(json, config, pod);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static void WriteFlat(Utf8JsonWriter json, AttachmentEntry pod)
    {
        foreach (var address in pod.Addresses)
        {
            json.WriteStartObject(IsIPv4(address) ? "ip4" : "ip6");
            json.WriteString("ip", Prefixed(address));
            json.WriteString("gateway", address.Gateway);
            json.WriteStartArray("routes");
            WriteRoute(json, address);
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    private static void WriteLists(Utf8JsonWriter json, NetworkConfig config, AttachmentEntry pod, string netns)
    {
        var before = config.Previous?["interfaces"]?.Items ?? [];
        StartList(json, config, "interfaces");
        // One without a sandbox is in the machine's own network. That of a private node is in no network of the
        // runtime's: podman would take it for the container's.
        var hasPort = pod.NodeNetns is null;
        if (hasPort) WriteInterface(json, pod.Port, null, null);
        WriteInterface(json, pod.Interface, pod.Mac, netns);
        json.WriteEndArray();
        StartList(json, config, "ips");
        foreach (var address in pod.Addresses)
        {
            json.WriteStartObject();
            if (config.Version.NamesFamilies) json.WriteString("version", IsIPv4(address) ? "4" : "6");
            json.WriteNumber("interface", before.Count + (hasPort ? 1 : 0));
            json.WriteString("address", Prefixed(address));
            json.WriteString("gateway", address.Gateway);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        StartList(json, config, "routes");
        foreach (var address in pod.Addresses) WriteRoute(json, address);
        json.WriteEndArray();
    }

    /// <summary>Begins a list with the items of the result before.</summary>
    private static void StartList(Utf8JsonWriter json, NetworkConfig config, string name)
    {
        json.WriteStartArray(name);
        foreach (var item in config.Previous?[name]?.Items ?? []) json.WriteRawValue(item.Raw);
    }

    private static void WriteInterface(Utf8JsonWriter json, string? name, string? mac, string? sandbox)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        if (mac is not null) json.WriteString("mac", mac);
        if (sandbox is not null) json.WriteString("sandbox", sandbox);
        json.WriteEndObject();
    }

    private static void WriteRoute(Utf8JsonWriter json, AttachedAddress address)
    {
        json.WriteStartObject();
        json.WriteString("dst", IsIPv4(address) ? "0.0.0.0/0" : "::/0");
        json.WriteString("gw", address.Gateway);
        json.WriteEndObject();
    }

    private static void WriteDns(Utf8JsonWriter json, NetworkConfig config, AttachmentEntry pod)
    {
        var dns = config.Dns ?? new DnsConfig(pod.NameServers, null, pod.Search, pod.DnsOptions);
        if (config.Dns is null && pod.NameServers.Count == 0 && config.Previous?["dns"] is { } before)
        {
            json.WritePropertyName("dns");
            json.WriteRawValue(before.Raw);
            return;
        }
        json.WriteStartObject("dns");
        WriteTexts(json, "nameservers", dns.NameServers);
        if (dns.Domain is { } domain) json.WriteString("domain", domain);
        WriteTexts(json, "search", dns.Search);
        WriteTexts(json, "options", dns.Options);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0) return;
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static bool IsIPv4(AttachedAddress address) =>
        IPAddress.Parse(address.Address).AddressFamily == AddressFamily.InterNetwork;

    /// <summary>Alone in its network: everything else is behind the gateway.</summary>
    private static string Prefixed(AttachedAddress address) => $"{address.Address}/{(IsIPv4(address) ? 32 : 128)}";
}
