using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Services;

/// <summary>
/// <c>clusterIP</c>, <c>clusterIPs</c>, <c>ipFamilies</c> and <c>ipFamilyPolicy</c>, which must go together
/// (ValidateServiceClusterIPsRelatedFields).
/// </summary>
internal static class ServiceAddresses
{
    private const string Headless = "None", Possible = "an address that a Service can have";

    private static readonly string[] FamilyWords = ["IPv4", "IPv6"];

    /// <param name="Requested">At most one of each family.</param>
    /// <param name="Families">Those that the manifest names, the first one first.</param>
    public readonly record struct Result(bool IsHeadless, IReadOnlyList<IPAddress> Requested,
        IReadOnlyList<AddressFamily> Families, FamilyPolicy Policy);

    public static Result Read(MappingReader spec, ServiceType type)
    {
        if (type == ServiceType.ExternalName)
        {
            RefuseAll(spec);
            return new Result(false, [], [], FamilyPolicy.SingleStack);
        }
        var given = Given(spec);
        var isHeadless = given.Exists(g => g.Text == Headless);
        if (isHeadless)
        {
            CheckHeadless(given, type);
        }
        var addresses = isHeadless ? [] : Valid(given);
        var families = Families(spec);
        var policy = Policy(spec, families, addresses,
            isHeadless && spec.Field("selector") is not { Node: YamlMapping { Entries.Count: > 0 } });
        CheckFamilies(addresses, families);
        return new Result(isHeadless, [.. addresses.Select(a => a.Address)],
            families.Count > 0 ? families : [.. addresses.Select(a => a.Address.AddressFamily)], policy);
    }

    /// <summary>An address outside the cluster; null, reported, where it is none.</summary>
    public static IPAddress? OfElsewhere(NodeReader field) => HostAddresses.Read(field, Possible);

    private static void RefuseAll(MappingReader spec)
    {
        foreach (var name in (string[])["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"])
        {
            if (spec.Field(name) is { Node: not (YamlScalar { Value: "" } or YamlSequence { Items.Count: 0 }) } field)
            {
                spec.Key(name).Error(Codes.InvalidValue, $"{field.Path} is not for type ExternalName",
                    "an alias has no address of its own", help: "remove it", fix: FieldMoves.Without(spec, name));
            }
        }
    }

    /// <summary>The texts of both fields, each once: the first of the list repeats the single one.</summary>
    private static List<(NodeReader At, string Text)> Given(MappingReader spec)
    {
        var single = spec.Field("clusterIP") is { } one && one.String() is { Length: > 0 } text
            ? (At: one, Text: text) : ((NodeReader At, string Text)?)null;
        var list = spec.Items("clusterIPs").Select(i => (At: i, Text: i.String())).Where(i => i.Text is not null)
            .Select(i => (i.At, i.Text!)).ToList();
        if (list.Count == 0)
        {
            return single is { } alone ? [alone] : [];
        }
        if (single is null)
        {
            spec.Key("clusterIPs").Error(Codes.MissingField, $"{spec.Self.Path.Field("clusterIP")} is missing",
                "needs `clusterIP` with the first of them", help: $"add `clusterIP: {list[0].Item2}`",
                fix: FieldMoves.InFrontOf(spec, "clusterIPs", "clusterIP", YamlText.Word(list[0].Item2)));
        }
        else if (single.Value.Text != list[0].Item2)
        {
            single.Value.At.Error(Codes.InvalidValue,
                $"clusterIP {Quote.Of(single.Value.Text)} is not the first of clusterIPs",
                $"the list begins with {Quote.Of(list[0].Item2)}", help: "write the same address in both",
                fix: single.Value.At.Replaced(YamlText.Word(list[0].Item2)));
        }
        return list;
    }

    private static void CheckHeadless(List<(NodeReader At, string Text)> given, ServiceType type)
    {
        var none = given.First(g => g.Text == Headless).At;
        if (given.Count > 1)
        {
            none.Error(Codes.InvalidValue, "`None` stands alone", "beside other addresses",
                help: "remove the others for a headless Service, or this one");
        }
        if (type is ServiceType.NodePort or ServiceType.LoadBalancer)
        {
            none.Error(Codes.InvalidValue, $"a Service of type {type} cannot be headless",
                "a port of the nodes leads to a ClusterIP",
                help: "remove `clusterIP: None`, or write `type: ClusterIP`");
        }
    }

    private static List<(NodeReader At, IPAddress Address)> Valid(List<(NodeReader At, string Text)> given)
    {
        var found = new List<(NodeReader At, IPAddress Address)>();
        foreach (var (at, text) in given)
        {
            if (text.Equals(Headless, StringComparison.OrdinalIgnoreCase))
            {
                at.Error(Codes.InvalidAddress, $"{Quote.Of(text)} is not {Possible}", $"did you mean `{Headless}`?",
                    help: $"write `{Headless}` for a headless Service", fix: at.Replaced(Headless));
                continue;
            }
            if (HostAddresses.Read(at, text, Possible,
                $"write an address of the service range, {Headless}, or leave it out and one is assigned")
                is not { } address)
            {
                continue;
            }
            if (found.Exists(f => f.Address.AddressFamily == address.AddressFamily))
            {
                at.Error(Codes.InvalidAddress, $"{at.Path}: a second {Text(address.AddressFamily)} address",
                    "a Service has at most one per family");
            }
            else
            {
                found.Add((at, address));
            }
        }
        return found;
    }

    private static List<AddressFamily> Families(MappingReader spec)
    {
        var found = new List<AddressFamily>();
        foreach (var item in spec.Items("ipFamilies"))
        {
            if (Words.Read(item, FamilyWords) is not { } word)
            {
                continue;
            }
            var family = word == FamilyWords[0] ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
            if (found.Contains(family))
            {
                item.Error(Codes.InvalidValue, $"{item.Path}: {word} twice", "again here", help: "remove it");
            }
            else
            {
                found.Add(family);
            }
        }
        return found;
    }

    /// <param name="isFree">A headless Service without selector, whose endpoints say which families it has.</param>
    private static FamilyPolicy Policy(MappingReader spec, List<AddressFamily> families,
        List<(NodeReader At, IPAddress Address)> addresses, bool isFree)
    {
        var policy = spec.Filled("ipFamilyPolicy") is { } field
            && Words.Read(field, Enum.GetNames<FamilyPolicy>()) is { } word ? Enum.Parse<FamilyPolicy>(word)
            : (FamilyPolicy?)null;
        if (policy is null && isFree)
        {
            return FamilyPolicy.RequireDualStack;
        }
        if (policy is null or FamilyPolicy.SingleStack && (families.Count > 1 || addresses.Count > 1))
        {
            var name = families.Count > 1 ? "ipFamilies" : "clusterIPs";
            spec.Key(name).Error(Codes.InvalidValue,
                $"{spec.Self.Path.Field(name)}: two families need `ipFamilyPolicy`",
                policy is null ? "one family where nothing else is said" : "SingleStack is one family",
                help: "write `ipFamilyPolicy: PreferDualStack` or RequireDualStack, or name one family");
        }
        return policy ?? FamilyPolicy.SingleStack;
    }

    private static void CheckFamilies(List<(NodeReader At, IPAddress Address)> addresses, List<AddressFamily> families)
    {
        foreach (var ((at, address), family) in addresses.Zip(families))
        {
            if (address.AddressFamily != family)
            {
                at.Error(Codes.InvalidAddress, $"{address} is not of the family that `ipFamilies` names",
                    $"{Text(family)} is named", help: "order both lists alike");
            }
        }
    }

    private static string Text(AddressFamily family) =>
        FamilyWords[family == AddressFamily.InterNetwork ? 0 : 1];
}
