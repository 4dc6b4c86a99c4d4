using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.Json;

namespace Dataplane.Architecture.Tests;

/// <summary>What the compiler made of the projects: the files beside this program.</summary>
public sealed class AssemblyTests
{
    /// <summary>Types that only code that calls the kernel, or memory that it fills, has a use for.</summary>
    private static readonly string[] Native =
        ["Marshal", "NativeLibrary", "SafeHandle", "GCHandle", "UnmanagedCallersOnlyAttribute"];

    [Theory]
    [MemberData(nameof(Arrows.Projects), MemberType = typeof(Arrows))]
    public void Assemblies_use_what_the_arrows_allow(string project)
    {
        using var file = Open(project);
        var metadata = file.GetMetadataReader();
        var used = metadata.AssemblyReferences.Select(h => metadata.GetString(metadata.GetAssemblyReference(h).Name))
            .Where(n => n.StartsWith("Dataplane", StringComparison.OrdinalIgnoreCase)).ToList();
        Assert.Empty(used.Except(Arrows.Reachable(project)));
    }

    [Theory]
    [MemberData(nameof(Arrows.Projects), MemberType = typeof(Arrows))]
    public void Only_Linux_calls_native_functions(string project)
    {
        using var file = Open(project);
        // One row for each function that DllImport, or the code that LibraryImport writes, calls (ECMA-335, II.22.22).
        var imports = file.GetMetadataReader().GetTableRowCount(TableIndex.ImplMap);
        if (project == "Dataplane.Linux") Assert.NotEqual(0, imports);
        else Assert.Equal(0, imports);
    }

    [Theory]
    [InlineData("Dataplane.Kubernetes")]
    [InlineData("Dataplane.Policy")]
    [InlineData("Dataplane.Planning")]
    [InlineData("Dataplane.Services")]
    public void The_pure_projects_know_nothing_native(string project)
    {
        using var file = Open(project);
        var metadata = file.GetMetadataReader();
        var used = metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Where(t => metadata.GetString(t.Namespace) == "System.Runtime.InteropServices")
            .Select(t => metadata.GetString(t.Name));
        Assert.Empty(used.Intersect(Native));
    }

    /// <summary>
    /// One frame of 34 bytes makes PacketDotNet end its process, and libpcap looks up host names: neither is for what
    /// runs with all privileges.
    /// </summary>
    [Theory]
    [MemberData(nameof(Arrows.Projects), MemberType = typeof(Arrows))]
    public void Only_the_command_line_has_other_decoders(string project)
    {
        using var file = Open(project);
        var metadata = file.GetMetadataReader();
        var used = metadata.TypeReferences.Select(h => metadata.GetString(metadata.GetTypeReference(h).Namespace)
            .Split('.')[0]).ToHashSet();
        string[] decoders = ["SharpPcap", "PacketDotNet"];
        Assert.Equal(project == "Dataplane.Cli" ? decoders : [], decoders.Where(used.Contains));
    }

    [Fact]
    public void Concurrent_collection_is_off_in_what_was_built()
    {
        var files = Directory.GetFiles(AppContext.BaseDirectory, "*.runtimeconfig.json");
        Assert.Contains(Path.Combine(AppContext.BaseDirectory, "dataplane.runtimeconfig.json"), files);
        Assert.All(files, f =>
        {
            using var config = JsonDocument.Parse(File.ReadAllBytes(f));
            Assert.False(config.RootElement.GetProperty("runtimeOptions")
                .GetProperty("configProperties").GetProperty("System.GC.Concurrent").GetBoolean());
        });
    }

    /// <summary>The assembly of a project, beside this program.</summary>
    internal static string PathOf(string project) =>
        Path.Combine(AppContext.BaseDirectory, project switch
        {
            "Dataplane.Cli" => "dataplane.dll",
            "Dataplane.Cni" => "dataplane-cni.dll",
            "Dataplane.Supervisor" => "dataplane-supervisor.dll",
            _ => project + ".dll",
        });

    private static PEReader Open(string project) => new(File.OpenRead(PathOf(project)));
}
