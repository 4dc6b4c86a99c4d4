using System.Text;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Kubernetes.Tests;

public sealed class PathTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly string _root;

    public PathTests() => _root = _directory.Path;

    public void Dispose() => _directory.Dispose();

    private string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_directory[name])!);
        return _directory.Write(name, text);
    }

    private static string Namespace(string name) =>
        $"{{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {{\"name\": \"{name}\"}}}}";

    [Fact]
    public void Directories_are_read_recursively_and_other_files_left_alone()
    {
        Write("b.yaml", Namespace("b"));
        Write("sub/a.yml", Namespace("a"));
        Write("sub/deeper/c.json", Namespace("c"));
        Write("readme.md", "no: [manifest");
        Directory.CreateSymbolicLink(Path.Combine(_root, "sub", "loop"), _root);
        var result = ManifestLoader.Load([_root]);
        Assert.Equal(["a", "b", "c"], result.Clean().Namespaces.Select(n => n.Name));
        Assert.Equal(3, result.Sources.Count);
    }

    [Fact]
    public void A_file_that_two_paths_name_is_read_once()
    {
        var file = Write("b.yaml", Namespace("b"));
        ManifestLoader.Load([_root, file, file]).Clean();
    }

    [Fact]
    public void Duplicates_across_files_name_both_files()
    {
        var first = Write("a.yaml", Namespace("x"));
        var second = Write("b.yaml", "\n\n" + Namespace("x"));
        var text = ManifestLoader.Load([_root]).Report();
        Assert.Contains($"--> {second}:3:1", text);
        Assert.Contains($"::: {first}:1:1", text);
    }

    [Fact]
    public void Standard_input_is_a_dash()
    {
        var result = ManifestLoader.Load(["-", "-"], new StringReader("{kind: Pod}"));
        Assert.Equal("<stdin>", result.Only(Codes.MissingField).Position.File);
    }

    [Fact]
    public void A_missing_path_is_one_line()
    {
        var path = Path.Combine(_root, "nope.yaml");
        Assert.Equal($"{path}: no such file or directory",
            Assert.Throws<ManifestPathException>(() => ManifestLoader.Load([path])).Message);
    }

    [Fact]
    public void A_path_that_cannot_be_read_is_one_line()
        // Reading a process's own memory file from 0 fails for every user, root included.
        => Assert.DoesNotContain('\n',
            Assert.Throws<ManifestPathException>(() => ManifestLoader.Load(["/proc/self/mem"])).Message);

    [Fact]
    public void A_directory_without_manifests_is_one_error()
        => Assert.Equal($"no Kubernetes objects in {_root}",
            ManifestLoader.Load([_root]).Only(Codes.NoObjects).Message);

    [Fact]
    public void An_empty_file_is_an_error_alone_and_a_note_beside_others()
    {
        var empty = Write("a.yaml", "");
        Assert.True(ManifestLoader.Load([empty]).HasErrors);
        Assert.True(ManifestLoader.Load([_root]).HasErrors);
        Write("b.yaml", Namespace("b"));
        var result = ManifestLoader.Load([_root]);
        Assert.Equal(Severity.Note, result.Only(Codes.NoObjects).Severity);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_one_error_per_file()
    {
        File.WriteAllBytes(Path.Combine(_root, "a.yaml"), [0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0xff]);
        File.WriteAllBytes(Path.Combine(_root, "b.yaml"),
            Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("kind: Pod")).ToArray());
        Assert.Equal([Codes.NotText, Codes.NotText], ManifestLoader.Load([_root]).Diagnostics.Select(d => d.Code));
    }

    [Fact]
    public void A_byte_order_mark_is_fine()
    {
        File.WriteAllBytes(Path.Combine(_root, "a.yaml"),
            [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(Namespace("a"))]);
        ManifestLoader.Load([_root]).Clean();
    }

    [Fact]
    public void Too_large_a_file_is_refused_without_being_read()
    {
        var path = Path.Combine(_root, "a.yaml");
        using (var file = File.Create(path))
        {
            file.SetLength(ManifestLoader.MaxFileBytes + 1);
        }
        ManifestLoader.Load([path]).Only(Codes.TooLarge);
        // An endless stream ends at the bound too.
        ManifestLoader.Load(["/dev/zero"]).Only(Codes.TooLarge);
    }
}
