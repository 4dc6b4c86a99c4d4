using System.Text.RegularExpressions;

namespace Dataplane.Architecture.Tests;

/// <summary>Folders are floors: what the compiled code of each may use.</summary>
public sealed partial class FolderTests
{
    public static TheoryData<string> Projects => Arrows.Projects;

    [Fact]
    public void The_namespace_of_a_file_is_its_folder()
    {
        var files = Repository.FilesBelow("src", ".cs").ToList();
        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            var declared = Declaration().Match(File.ReadAllText(Repository.Full(file)));
            // Attributes of the assembly and top-level statements stand in no namespace.
            if (!declared.Success) return;
            var folder = string.Join('.', file.Split('/')[1..^1]);
            Assert.True(declared.Groups[1].Value == folder, $"{file} declares {declared.Groups[1].Value}");
        });
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_folder_has_its_floor(string project)
    {
        var folders = Repository.FilesBelow($"src/{project}", ".cs")
            .Where(f => Declaration().IsMatch(File.ReadAllText(Repository.Full(f))))
            .Select(f => string.Join('.', f.Split('/')[2..^1])).Distinct();
        Assert.Equal(Floors.Of[project].Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_folder_uses_only_the_floors_below_it(string project)
    {
        var floors = Floors.Of[project];
        var uses = TypeUses.Within(project);
        Assert.NotEmpty(uses);
        var upward = uses.Where(u => Floor(u.User.Folder) < Floor(u.Used.Folder))
            .Select(u => $"{u.User.Folder}/{u.User.Name} uses {u.Used.Folder}/{u.Used.Name}");
        Assert.Empty(upward);

        int Floor(string folder) => Array.IndexOf(floors, folder);
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
