using Dataplane.Api;

namespace Dataplane.Integration.Daemon;

/// <summary>A state directory in which nothing can be written any more.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public FullDiskTests() => Tool.Run(
        "mount", "-t", "tmpfs", "-o", "size=4m,nr_inodes=60,mode=700", "none", _directory.Path).Succeeded();

    public void Dispose()
    {
        Tool.Run("umount", "-l", _directory.Path).Succeeded();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("No space left on device", "no room", true)]
    [InlineData("No space left on device", "no inode", true)]
    [InlineData("Read-only file system", "read-only", false)]
    public async Task Changes_are_refused_deletions_work_and_the_status_says_so(string words, string how, bool deletes)
    {
        await using var daemon = await RunningDaemon.Start(o => o with { StateDirectory = _directory.Path });
        await daemon.Apply("a.yaml", Yaml.Pod("a"), Yaml.Pod("b"));
        Spoil(how);
        var refused = await daemon.Refused(ApiPaths.Apply, RunningDaemon.Request("c.yaml", Yaml.Pod("c")),
            ApiJson.Default.ApplyRequest);
        Assert.Equal((500, 5), (refused.Status, refused.ExitCode));
        var error = Assert.Single((await daemon.Status()).Errors);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.Contains(_directory.Path, error, StringComparison.Ordinal);
        if (deletes)
        {
            Assert.Equal(2, (await daemon.Delete("Pod", "x/b")).Generation);
            // And it is stored: the next daemon does not have it.
            await daemon.Stop();
            await daemon.StartAgain(o => o with { StateDirectory = _directory.Path });
            Assert.Equal(1, (await daemon.Status()).Pods);
            Assert.Contains(words, Assert.Single((await daemon.Status()).Errors), StringComparison.Ordinal);
        }
        Repair(how);
        await RunningDaemon.Until(async () => (await daemon.Status()).Errors is [], "nothing is wrong");
        Assert.Equal(deletes ? 3 : 2, (await daemon.Apply("c.yaml", Yaml.Pod("c"))).Generation);
        Assert.Equal(deletes ? 2 : 3, (await daemon.Status()).Pods);
        await daemon.Stop();
    }

    private void Spoil(string how)
    {
        switch (how)
        {
            case "no room":
                Tool.Run("dd", "if=/dev/zero", $"of={_directory["fill"]}", "bs=4k");
                break;
            case "no inode":
                Tool.Run("sh", "-c", "i=0; while : > \"$0/fill$i\"; do i=$((i + 1)); done", _directory.Path);
                break;
            default:
                // On top of the other, which has an open file.
                Tool.Run("mount", "--bind", _directory.Path, _directory.Path).Succeeded();
                Tool.Run("mount", "-o", "remount,bind,ro", _directory.Path).Succeeded();
                break;
        }
    }

    private void Repair(string how)
    {
        if (how == "read-only") Tool.Run("umount", _directory.Path).Succeeded();
        foreach (var path in Directory.GetFiles(_directory.Path, "fill*")) File.Delete(path);
    }
}
