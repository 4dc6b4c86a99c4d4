using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Dataplane.Architecture.Tests;

/// <summary>What the project files say.</summary>
public sealed partial class ProjectTests
{
    private static IEnumerable<string> TestProjects =>
        Repository.FilesBelow("tests", ".csproj").Concat(Repository.FilesBelow("integration", ".csproj"));

    [Fact]
    public void Every_project_below_src_has_its_place_among_the_arrows() =>
        Assert.Equal(
            Arrows.Direct.Keys.Select(p => $"src/{p}/{p}.csproj").Order(StringComparer.Ordinal),
            Repository.FilesBelow("src", ".csproj"));

    [Theory]
    [MemberData(nameof(Arrows.Projects), MemberType = typeof(Arrows))]
    public void Project_files_refer_along_the_arrows(string project) =>
        Assert.Equal(Arrows.Direct[project].Order(StringComparer.Ordinal),
            Arrows.ReferencesOf($"src/{project}/{project}.csproj"));

    [Fact]
    public void Projects_beside_src_refer_to_what_they_test_and_share_the_rest()
    {
        var found = Repository.Files.Where(IsProject).Where(f => !f.StartsWith("src/", StringComparison.Ordinal))
            .Select(f => (Folder: Path.GetDirectoryName(f)!, References: string.Join(' ', Arrows.ReferencesOf(f))));
        Assert.Equal(Arrows.Beside.Select(b => (b.Key, string.Join(' ', b.Value))).Order(), found.Order());
    }

    /// <summary>A file that two projects compile is two types of one name; what several need is a reference.</summary>
    [Fact]
    public void No_project_compiles_what_lies_outside_of_it()
    {
        var projects = Repository.Files.Where(IsProject).ToList();
        Assert.NotEmpty(projects);
        Assert.All(projects, f => Assert.DoesNotContain(
            XDocument.Load(Repository.Full(f)).Descendants("Compile"), c =>
                ((string?)c.Attribute("Include"))?.Contains("..", StringComparison.Ordinal) ?? false));
    }

    [Fact]
    public void Every_project_is_in_the_solution() =>
        Assert.Equal(
            Repository.Files.Where(IsProject),
            InSolution().Matches(File.ReadAllText(Repository.Full("Dataplane.sln")))
                .Select(m => m.Groups[1].Value.Replace('\\', '/')).Order(StringComparer.Ordinal));

    /// <summary>The script prints the list of programs that it runs.</summary>
    [Fact]
    public void Every_test_project_is_run()
    {
        var wanted = TestProjects
            .Where(p => XDocument.Load(Repository.Full(p))
                .Descendants("PackageReference")
                .Any(r => (string?)r.Attribute("Include") == "xunit.v3"))
            .Select(p => Path.GetFileNameWithoutExtension(p)).ToList();
        Assert.Contains("Dataplane.Architecture.Tests", wanted);
        Assert.Equal(wanted.Order(StringComparer.Ordinal),
            Repository.OutputOf(Repository.Full(".ci/test"), "--list")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(p => Path.GetFileName(p))
                .Order(StringComparer.Ordinal));
    }

    /// <summary>Their licences ask for it.</summary>
    [Fact]
    public void Packages_that_ship_are_named_among_the_licences()
    {
        using var locked =
            JsonDocument.Parse(File.ReadAllBytes(Repository.Full("src/Dataplane.Cli/packages.lock.json")));
        var packages = locked.RootElement.GetProperty("dependencies")
            .EnumerateObject()
            .SelectMany(f => f.Value.EnumerateObject())
            .Where(p => p.Value.GetProperty("type").GetString() != "Project").Select(p => p.Name).ToHashSet();
        Assert.Contains("SharpPcap", packages);
        var notices = File.ReadAllText(Repository.Full("docs/third-party.md"));
        // The .NET libraries have one row.
        Assert.DoesNotContain(packages,
            p => !p.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
                && !notices.Contains(p, StringComparison.Ordinal));
    }

    /// <summary>A collector thread that is born while the netns thread is away would stay away for good.</summary>
    [Fact]
    public void No_project_turns_concurrent_collection_on_again() =>
        Assert.All(Repository.Files.Where(IsProject), f =>
            Assert.DoesNotContain(XDocument.Load(Repository.Full(f)).Descendants(),
                e => e.Name.LocalName is "ConcurrentGarbageCollection" or "ServerGarbageCollection"));

    private static bool IsProject(string file) => file.EndsWith(".csproj", StringComparison.Ordinal);

    [GeneratedRegex("""^Project\(.*, "([^"]+\.csproj)",""", RegexOptions.Multiline)]
    private static partial Regex InSolution();
}
