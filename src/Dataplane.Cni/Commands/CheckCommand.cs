using Dataplane.Api;
using Dataplane.Api.Networks;
using Dataplane.Cni.Daemon;
using Dataplane.Cni.Ipam;
using Dataplane.Cni.Protocol;

namespace Dataplane.Cni.Commands;

/// <summary>CHECK and STATUS: whether everything is as ADD has made it, and whether ADD would work.</summary>
internal static class CheckCommand
{
    public static byte[] Run(NetworkConfig config, Invocation asked, IpamPlugin? ipam)
    {
        var previous = config.Previous ?? throw new CniException(ErrorCode.InvalidConfig,
            "prevResult is missing", "CHECK compares with the result of ADD");
        ipam?.Check();
        var answer = new DaemonConnection(config.Socket).Post(ApiPaths.CheckAttachment,
            new CheckRequest(config.Name, asked.Container, asked.Interface),
            CniJson.Default.CheckRequest, CniJson.Default.CheckResponse);
        var found = Compare(previous, answer.Attachment, asked).Concat(answer.Differences).ToList();
        return found.Count == 0 ? [] : throw new CniException(
            ErrorCode.Differs, found[0], found.Count > 1 ? string.Join("; ", found.Skip(1)) : null);
    }

    public static byte[] Status(NetworkConfig config)
    {
        StatusResponse status;
        try
        {
            status = new DaemonConnection(config.Socket).Get(ApiPaths.Status, CniJson.Default.StatusResponse);
        }
        catch (CniException e)
        {
            throw new CniException(ErrorCode.NotAvailable, e.Message, e.Details);
        }
        if (status.Problem is { } problem) throw new CniException(ErrorCode.LimitedConnectivity, problem);
        return status.EnforcedGeneration == status.DesiredGeneration ? [] : throw new CniException(
            ErrorCode.LimitedConnectivity, $"generation {status.DesiredGeneration} is not enforced yet");
    }

    private static IEnumerable<string> Compare(ConfigValue previous, AttachmentEntry now, Invocation asked)
    {
        if (now.Gone) yield return $"the network namespace {now.Netns} has gone";
        if (!now.Enforced) yield return $"pod {now.Pod} is not enforced, and is closed";
        var own = (previous["interfaces"]?.Items ?? [])
            .FirstOrDefault(i => i["name"]?.String == asked.Interface && i["sandbox"] is not null);
        if (own is null) yield return $"prevResult has no interface {asked.Interface}";
        else if (own["mac"]?.String is { } mac && !string.Equals(mac, now.Mac, StringComparison.OrdinalIgnoreCase))
            yield return $"{asked.Interface} has the MAC address {now.Mac ?? "of nothing"}, and not {mac}";
        var told = (previous["ips"]?.Items ?? []).Select(ip => ip["address"]?.String?.Split('/')[0]).ToHashSet();
        foreach (var address in now.Addresses.Where(a => !told.Contains(a.Address)))
            yield return $"{asked.Interface} has the address {address.Address}, which prevResult has not";
        var routes = (previous["routes"]?.Items ?? []).Select(r => r["gw"]?.String).ToHashSet();
        foreach (var address in now.Addresses.Where(a => !routes.Contains(a.Gateway)))
            yield return $"prevResult has no route by {address.Gateway}";
    }
}
