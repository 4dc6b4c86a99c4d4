namespace Dataplane.Cli.Dns;

/// <summary>What a name that has no address was probably to be.</summary>
internal static class DnsHint
{
    private const string NoSuchName = "NXDOMAIN", Refused = "REFUSED";

    /// <param name="services">Full names of all Services.</param>
    /// <returns>Null: nothing is known that helps.</returns>
    public static string? Of(string name, IReadOnlyList<DnsStep> steps, IEnumerable<string> services)
    {
        if (steps.Count == 0 || steps.Any(s => s.HasAddress)) return null;
        var last = steps[^1];
        if (last.Code is not (NoSuchName or Refused)) return null;
        if (services.FirstOrDefault(s => s.EndsWith($"/{name}", StringComparison.Ordinal)) is { } found)
        {
            var ns = found[..found.IndexOf('/', StringComparison.Ordinal)];
            return $"a Service {name} exists in {ns}: write {name}.{ns}";
        }
        return last.Code != Refused ? null : $"{last.Name} is no name of the cluster, and its name server asks nobody "
            + "else; the daemon's --dns-upstream says whom to ask";
    }
}
