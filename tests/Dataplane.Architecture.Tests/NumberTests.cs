using Mono.Cecil;

namespace Dataplane.Architecture.Tests;

/// <summary>Numbers of different kinds have different types: one cannot be passed for another.</summary>
public sealed class NumberTests
{
    /// <summary>Type names by the names of parameters and properties, in projects that have them.</summary>
    private static readonly (string Project, string[] Names, string Type)[] Kinds =
    [
        ("Dataplane.Linux", ["OutInterface", "InInterface", "InPort", "OutPort", "InterfaceIndex", "PeerIndex",
            "exceptInterface"], "InterfaceIndex"),
        ("Dataplane.Linux", ["PeerNamespace", "CameFrom"], "NamespaceId"),
        ("Dataplane.Linux", ["setId"], "NftSetId"),
        ("Dataplane.Policy", ["Subject", "SubjectGroup", "Peer", "PeerGroup", "Class", "realm"], "ClassNumber"),
        ("Dataplane.Policy", ["set", "Subjects"], "SetId"),
        ("Dataplane.Rules", ["subject", "peer"], "ClassNumber"),
        ("Dataplane.Node", ["PortIndex", "BridgeIndex", "InnerIndex", "bridge", "innerIndex"], "InterfaceIndex"),
        ("Dataplane.Node", ["StrangerNumber"], "PortNumber"),
    ];

    public static TheoryData<string, string, string> Names =>
        [.. from kind in Kinds from name in kind.Names select (kind.Project, name, kind.Type)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_number_has_the_type_of_its_kind(string project, string name, string type)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(AssemblyTests.PathOf(project));
        var found = assembly.MainModule.GetTypes().SelectMany(Declared).Where(d => d.Name == name)
            .Where(d => Plain(d.Type) is "Int32" or "UInt32" || Plain(d.Type) == type).ToList();
        Assert.NotEmpty(found);
        Assert.All(found, d => Assert.Equal(type, Plain(d.Type)));
    }

    private static IEnumerable<(string Name, TypeReference Type)> Declared(TypeDefinition type) =>
    [
        .. type.Properties.Select(p => (p.Name, p.PropertyType)), .. type.Fields.Select(f => (f.Name, f.FieldType)),
        .. type.Methods.SelectMany(m => m.Parameters).Select(p => (p.Name, p.ParameterType)),
    ];

    /// <summary>Without <c>in</c>, <c>?</c> and <c>[]</c>.</summary>
    private static string Plain(TypeReference type) => type switch
    {
        GenericInstanceType { ElementType.Name: "Nullable`1" } nullable => Plain(nullable.GenericArguments[0]),
        TypeSpecification and not GenericInstanceType => Plain(type.GetElementType()),
        _ => type.Name,
    };
}
