using System.Diagnostics;

namespace Dataplane.Integration.Service;

/// <summary>make install and make uninstall, below a directory of their own.</summary>
public sealed class InstallTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("/usr/local")]
    [InlineData("/usr")]
    [InlineData("/opt/dataplane")]
    public void What_is_installed_is_removed_again(string prefix)
    {
        // The published program takes a minute to build: this one stands for it.
        var program = _directory.Write("program",
            $"#!/bin/sh\nexec {Path.Combine(AppContext.BaseDirectory, "dataplane")} \"$@\"\n");
        _directory.Write("dataplane-cni", "plugin");
        _directory.Write("dataplane-supervisor", "supervisor");
        Run("add", prefix, program);
        var to = _directory[$"root{prefix}"];
        Assert.StartsWith("0.", Tool.Run(Path.Combine(to, "bin/dataplane"), "--version").Succeeded(),
            StringComparison.Ordinal);
        Assert.Contains($"\nExecStart={prefix}/bin/dataplane daemon\n",
            File.ReadAllText(Path.Combine(to, "lib/systemd/system/dataplane.service")),
            StringComparison.Ordinal);
        string[] files =
        [
            "share/man/man1/dataplane.1", "share/man/man1/dataplane-apply.1", "share/doc/dataplane/README.md",
            "share/bash-completion/completions/dataplane", "share/zsh/site-functions/_dataplane",
            "share/fish/vendor_completions.d/dataplane.fish", "bin/dataplane-cni", "bin/dataplane-supervisor",
        ];
        Assert.All(files, file => Assert.True(new FileInfo(Path.Combine(to, file)).Length > 0, file));
        // Over what is there, and beside what is somebody else's.
        File.WriteAllText(Path.Combine(to, "share/man/man1/dataplane-gone.1"), "");
        File.WriteAllText(Path.Combine(to, "bin/other"), "");
        Run("add", prefix, program);
        Run("remove", prefix, program);
        Assert.Equal([Path.Combine(to, "bin/other")], Directory.GetFiles(to, "*", SearchOption.AllDirectories));
        Run("remove", prefix, program);
    }

    private void Run(string what, string prefix, string program)
    {
        File.SetUnixFileMode(program, (UnixFileMode)0x1ed); // 0755
        var start = new ProcessStartInfo(SourceTree.Full("deploy/install"), [what]);
        foreach (var (name, value) in new[]
        {
            ("DESTDIR", _directory["root"]), ("PREFIX", prefix), ("PROGRAM", program),
        })
        {
            start.Environment[name] = value;
        }
        Tool.Run(start).Succeeded();
    }
}
