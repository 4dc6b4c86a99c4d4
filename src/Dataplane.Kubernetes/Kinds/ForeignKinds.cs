using System.Collections.Frozen;

namespace Dataplane.Kubernetes.Kinds;

/// <summary>What is known about a kind that is not read.</summary>
/// <param name="Why">For <see cref="ForeignRole.Traffic"/>: how it is known; otherwise empty.</param>
public readonly record struct ForeignKind(ForeignRole Role, string Why);

/// <summary>
/// The registry of the kinds that are not read. A kind that is not listed and whose name or group speaks of policies or
/// firewalls counts as one that decides traffic: left out by mistake, it would make every answer wrong.
/// </summary>
public static class ForeignKinds
{
    private const string Decides = "decides which traffic passes", Policy = "a policy";

    /// <summary>Words of a name or a group that mean decisions about traffic, with the word for the message.</summary>
    private static readonly (string Part, string Word)[] Words =
    [
        ("policy", "policy"), ("policies", "policy"), ("firewall", "firewall"), ("networkset", "network set"),
        ("securitygroup", "security group"),
    ];

    private static readonly FrozenDictionary<(string Group, string Kind), ForeignRole> Listed = List();

    /// <summary>Groups by their endings, longest first.</summary>
    private static readonly (string Ending, ForeignRole Role)[] Endings =
        [.. ForeignKindTable.Endings.OrderByDescending(e => e.Ending.Length)];

    public static ForeignKind Of(string group, string kind)
    {
        if (Listed.TryGetValue((group, kind), out var role))
        {
            return Known(role, kind);
        }
        // A group may hold firewalls and accounts side by side: a name that says firewall counts before the group does.
        var said = IsAboutAccounts(group) ? null : Said(group, kind);
        if (Listed.TryGetValue((group, ForeignKindTable.Any), out role)
            && (role != ForeignRole.Harmless || said is null || Said(group, "") is not null))
        {
            return Known(role, kind);
        }
        if (said is null && Ending(group) is { } ending)
        {
            return new ForeignKind(ending, "");
        }
        return said is not null ? new ForeignKind(ForeignRole.Traffic, said)
            : new ForeignKind(IsOfKubernetes(group) ? ForeignRole.Harmless : ForeignRole.Unknown, "");
    }

    /// <summary>
    /// Groups of Kubernetes itself (core, apps, *.k8s.io) as against those of custom resources, which may well have a
    /// Node or a Job of their own.
    /// </summary>
    public static bool IsOfKubernetes(string group) =>
        !group.Contains('.') || group.EndsWith(".k8s.io", StringComparison.Ordinal);

    private static ForeignRole? Ending(string group)
    {
        foreach (var (ending, role) in Endings)
        {
            if (group.EndsWith(ending, StringComparison.Ordinal))
            {
                return role;
            }
        }
        return null;
    }

    private static ForeignKind Known(ForeignRole role, string kind) => new(role, role != ForeignRole.Traffic ? ""
        : kind.Contains("Policy", StringComparison.Ordinal) ? Policy : Decides);

    /// <summary>Why name or group sound like a decision about traffic; null where they do not.</summary>
    private static string? Said(string group, string kind)
    {
        foreach (var (part, word) in Words)
        {
            if (kind.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return $"its name says {word}";
            }
            if (group.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return $"its group says {word}";
            }
        }
        return null;
    }

    /// <summary>Groups of cloud providers about accounts and their rights: <c>iam.aws.upbound.io</c>.</summary>
    private static bool IsAboutAccounts(string group) => group.Split('.')[0] is "iam";

    private static FrozenDictionary<(string Group, string Kind), ForeignRole> List()
    {
        var listed = new Dictionary<(string Group, string Kind), ForeignRole>();
        foreach (var (groups, role, kinds) in ForeignKindTable.Rows)
        {
            foreach (var group in groups.Split(' '))
            {
                foreach (var kind in kinds.Split(' '))
                {
                    listed.Add((group == ForeignKindTable.Core ? "" : group, kind), role);
                }
            }
        }
        return listed.ToFrozenDictionary();
    }
}
