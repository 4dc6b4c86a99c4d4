using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;

namespace Dataplane.Kubernetes.Reading.Containers;

/// <summary>core/v1 PodSecurityContext and SecurityContext.</summary>
internal static class SecurityReader
{
    private static readonly string[] Administrator = ["SYS_ADMIN", "CAP_SYS_ADMIN"];

    /// <summary>What a pod says for all its containers.</summary>
    public static ContainerSecurity OfPod(MappingReader spec, UndoneParts undone)
    {
        if (spec.Field("securityContext")?.Mapping(ContainerFields.PodSecurity) is not { } fields)
        {
            return ContainerSecurity.Default;
        }
        if (fields.Field("sysctls") is { } sysctls && sysctls.Items().Count > 0)
        {
            undone.Add(sysctls, "securityContext.sysctls");
        }
        var groups = fields.Items("supplementalGroups").Select(Group).OfType<int>().ToList();
        if (Scalars.Number(fields, "fsGroup", 0) is { } volumes)
        {
            groups.Add(volumes);
        }
        return ContainerSecurity.Default with
        {
            User = Scalars.Number(fields, "runAsUser", 0),
            Group = Scalars.Number(fields, "runAsGroup", 0),
            MustNotBeRoot = Scalars.Flag(fields, "runAsNonRoot") ?? false,
            Groups = groups.Count == 0 ? EqualList<int>.None : new(groups),
        };
    }

    /// <summary>That of a container, over that of its pod.</summary>
    public static ContainerSecurity OfContainer(MappingReader container, ContainerSecurity pod)
    {
        if (container.Field("securityContext")?.Mapping(ContainerFields.Security) is not { } fields)
        {
            return pod;
        }
        _ = Scalars.Flag(fields, "readOnlyRootFilesystem");
        var capabilities = fields.Field("capabilities")?.Mapping(ContainerFields.Capabilities);
        var security = pod with
        {
            User = Scalars.Number(fields, "runAsUser", 0) ?? pod.User,
            Group = Scalars.Number(fields, "runAsGroup", 0) ?? pod.Group,
            MustNotBeRoot = Scalars.Flag(fields, "runAsNonRoot") ?? pod.MustNotBeRoot,
            IsPrivileged = Scalars.Flag(fields, "privileged") ?? false,
            MayGain = Scalars.Flag(fields, "allowPrivilegeEscalation") ?? true,
            Added = capabilities is null ? EqualList<string>.None : Scalars.Texts(capabilities, "add"),
            Dropped = capabilities is null ? EqualList<string>.None : Scalars.Texts(capabilities, "drop"),
        };
        var everything = security.IsPrivileged ? "`privileged: true`"
            : security.Added.Any(Administrator.Contains) ? "the capability SYS_ADMIN" : null;
        if (!security.MayGain && everything is not null)
        {
            fields.Key("allowPrivilegeEscalation").Error(Codes.InvalidValue,
                $"{fields.Self.Path}: `allowPrivilegeEscalation: false` beside {everything}",
                "cannot be false", "the API server refuses the object", "remove the line",
                FieldMoves.Without(fields, "allowPrivilegeEscalation"));
        }
        return security == ContainerSecurity.Default ? ContainerSecurity.Default : security;
    }

    private static int? Group(NodeReader at)
    {
        if (at.Integer() is not { } value)
        {
            return null;
        }
        if (value is >= 0 and <= int.MaxValue)
        {
            return (int)value;
        }
        at.Error(Codes.InvalidValue, $"{at.Path}: {value} is not in 0 to {int.MaxValue}",
            value < 0 ? "negative" : "out of range");
        return null;
    }
}
