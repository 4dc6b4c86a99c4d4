using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Kubernetes.Tests;

/// <summary>The registry of kinds: what it lists is read, and its names are distinct.</summary>
public sealed class KindRegistryTests
{
    private static readonly string[] NotRead =
        [Codes.UnsupportedPolicy, Codes.SkippedKind, Codes.WrongApiVersion, Codes.UnknownKind];

    public static TheoryData<string> Names => [.. ObjectKinds.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_kind_has_a_reader(string name)
    {
        var kind = ObjectKinds.Find(name)!;
        var loaded = ManifestLoader.LoadText("k.yaml",
            $"apiVersion: {kind.ApiVersion}\nkind: {name}\nmetadata: {{name: default}}\n");
        Assert.DoesNotContain(loaded.Diagnostics, d => NotRead.Contains(d.Code)
            && !d.Message.Contains("is read", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_scope_is_the_one_that_is_read(string name)
    {
        var kind = ObjectKinds.Find(name)!;
        var loaded = ManifestLoader.LoadText("k.yaml",
            $"apiVersion: {kind.ApiVersion}\nkind: {name}\nmetadata: {{name: default, namespace: x}}\n");
        Assert.Equal(kind.Namespaced,
            !loaded.Diagnostics.Any(d => d.Message.Contains("stands outside namespaces", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_two_kinds_share_a_name_that_kubectl_takes()
    {
        // Of Endpoints, singular and plural are one word.
        var spellings = ObjectKinds.All
            .SelectMany(kind => kind.ShortNames.Append(kind.Singular).Append(kind.Plural).Distinct())
            .ToList();
        Assert.Equal(spellings.Count, spellings.Distinct().Count());
        Assert.All(spellings, spelling => Assert.Equal(spelling.ToLowerInvariant(), spelling));
    }
}
