using Dataplane.Api;

namespace Dataplane.Integration.Daemon;

/// <summary>Files that are desired state, as long as they are there.</summary>
public sealed class ManifestDirectoryTests
{
    [Fact]
    public async Task A_file_is_what_is_wanted_as_long_as_it_is_there()
    {
        await using var daemon = await Start();
        Write(daemon, "a.yaml", Yaml.Pod("a") + "---\n" + Yaml.Pod("b"));
        await HasPods(daemon, "x/a", "x/b");
        Write(daemon, "a.yaml", Yaml.Pod("b"));
        await HasPods(daemon, "x/b");
        Assert.Equal(Path.Combine(daemon.Manifests, "a.yaml"),
            Assert.Single((await daemon.Get(ApiPaths.Objects, ApiJson.Default.ObjectsResponse)).Objects).Source);
        File.Delete(Path.Combine(daemon.Manifests, "a.yaml"));
        await HasPods(daemon);
    }

    [Fact]
    public async Task A_bad_file_leaves_what_it_said_before_and_is_told_of()
    {
        await using var daemon = await Start();
        Write(daemon, "a.yaml", Yaml.Pod("a") + "---\n" + Yaml.DenyAll());
        await HasPods(daemon, "x/a");
        foreach (var bad in new[] { "", "apiVersion: v1\nkind: Po", "\0\0" })
        {
            Write(daemon, "a.yaml", bad);
            await RunningDaemon.Until(async () => (await daemon.Status()).Errors.Count == 1, "an error");
            Assert.Equal(1, (await daemon.Status()).NetworkPolicies);
            Write(daemon, "a.yaml", Yaml.Pod("a") + "---\n" + Yaml.DenyAll());
            await RunningDaemon.Until(async () => (await daemon.Status()).Errors.Count == 0, "no error");
        }
    }

    [Fact]
    public async Task A_bad_file_stays_what_it_was_across_a_restart()
    {
        await using var daemon = await Start();
        Write(daemon, "a.yaml", Yaml.Pod("a") + "---\n" + Yaml.DenyAll());
        await HasPods(daemon, "x/a");
        Write(daemon, "a.yaml", "kind: nonsense");
        await daemon.Stop();
        await daemon.StartAgain(o => o with { ManifestDirectory = daemon.Manifests });
        var status = await daemon.Status();
        Assert.Equal((1, 1), (status.Pods, status.NetworkPolicies));
        await RunningDaemon.Until(async () => (await daemon.Status()).Errors.Count == 1, "an error");
        // The directory is no longer watched, so its objects are deleted.
        await daemon.Stop();
        await daemon.StartAgain();
        await HasPods(daemon);
    }

    [Fact]
    public async Task What_was_applied_is_not_a_files_and_the_reverse()
    {
        await using var daemon = await Start();
        await daemon.Apply("mine.yaml", Yaml.Pod("a"));
        Write(daemon, "a.yaml", Yaml.Pod("a"));
        await RunningDaemon.Until(async () => (await daemon.Status()).Errors is [var error]
            && error.Contains("mine.yaml:1:1", StringComparison.Ordinal)
            && error.Contains("a.yaml:1:1", StringComparison.Ordinal), "an error that names both");
        // As soon as it may, it counts.
        await daemon.Delete("Pod", "x/a");
        await HasPods(daemon, "x/a");
        var refused = await daemon.Refused(ApiPaths.Apply, RunningDaemon.Request("mine.yaml", Yaml.Pod("a")),
            ApiJson.Default.ApplyRequest);
        Assert.Equal((409, 3), (refused.Status, refused.ExitCode));
        Assert.Empty((await daemon.Apply(new ApplyRequest([]) { Prune = true })).Detached);
        await HasPods(daemon, "x/a");
    }

    [Fact]
    public async Task Hidden_and_foreign_files_are_passed_over()
    {
        await using var daemon = await Start();
        foreach (var name in new[] { ".a.yaml", ".a.yaml.swp", "a.yaml~", "README.md", "a.yaml.tmp" })
            Write(daemon, name, Yaml.Pod("hidden"));
        Write(daemon, "b.yaml", Yaml.Pod("b"));
        await HasPods(daemon, "x/b");
        Assert.Empty((await daemon.Status()).Errors);
    }

    /// <summary>Half of a file is often a manifest too, one without the policies at its end.</summary>
    /// <summary>Also one that looks like lines of the state file, and says that it is text of another file.</summary>
    [Theory]
    [InlineData("\u001b[2J\n\u202e.yaml")]
    [InlineData("a:1\n--- # from b.yaml:1\n# \\n\\\\n.yaml")]
    [InlineData("-f $(reboot) 'x'.yaml")]
    public async Task A_file_may_have_any_name(string name)
    {
        await using var daemon = await Start();
        Write(daemon, name, Yaml.Pod("a"));
        await HasPods(daemon, "x/a");
        await daemon.Stop();
        await daemon.StartAgain(o => o with { ManifestDirectory = daemon.Manifests });
        await HasPods(daemon, "x/a");
        Assert.Empty((await daemon.Status()).Errors);
        Assert.Equal(Path.Combine(daemon.Manifests, name),
            Assert.Single((await daemon.Get(ApiPaths.Objects, ApiJson.Default.ObjectsResponse)).Objects).Source);
        File.Delete(Path.Combine(daemon.Manifests, name));
        await HasPods(daemon);
    }

    [Fact]
    public async Task A_file_that_somebody_is_still_writing_is_left_alone()
    {
        await using var daemon = await Start();
        Write(daemon, "a.yaml", Yaml.Pod("a") + "---\n" + Yaml.DenyAll());
        await HasPods(daemon, "x/a");
        using (var file = File.Open(Path.Combine(daemon.Manifests, "a.yaml"), FileMode.Truncate))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(Yaml.Pod("a")));
            file.Flush();
            // A file behind it in the order has been looked at twice: so has this one.
            Write(daemon, "b.yaml", Yaml.Pod("b"));
            await HasPods(daemon, "x/a", "x/b");
            File.Delete(Path.Combine(daemon.Manifests, "b.yaml"));
            await HasPods(daemon, "x/a");
            Assert.Equal(1, (await daemon.Status()).NetworkPolicies);
        }
        await RunningDaemon.Until(async () => (await daemon.Status()).NetworkPolicies == 0,
            "what was written in the end");
    }

    private static Task<RunningDaemon> Start() => RunningDaemon.StartWatching();

    private static void Write(RunningDaemon daemon, string name, string text) =>
        File.WriteAllText(Path.Combine(daemon.Manifests, name), text);

    private static Task HasPods(RunningDaemon daemon, params string[] names) => RunningDaemon.Until(
        async () => (await daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse)).Pods.Select(p => p.Name)
            .SequenceEqual(names), $"pods {string.Join(' ', names)}");

    [Fact]
    public async Task A_link_is_what_it_leads_to()
    {
        await using var daemon = await RunningDaemon.StartWatching();
        // As a ConfigMap is mounted: the links in the directory never change.
        var (old, fresh) = (Directory.CreateDirectory(Path.Combine(daemon.StateDirectory, "..", "old")),
            Directory.CreateDirectory(Path.Combine(daemon.StateDirectory, "..", "new")));
        File.WriteAllText(Path.Combine(old.FullName, "p.yaml"), Yaml.Pod("a"));
        File.WriteAllText(Path.Combine(fresh.FullName, "p.yaml"), Yaml.Pod("a") + "---\n" + Yaml.DenyAll());
        File.CreateSymbolicLink(Path.Combine(daemon.Manifests, "..data"), old.FullName);
        File.CreateSymbolicLink(Path.Combine(daemon.Manifests, "p.yaml"), "..data/p.yaml");
        await RunningDaemon.Until(async () => (await daemon.Status()).Pods == 1, "the pod is there");
        Directory.Delete(Path.Combine(daemon.Manifests, "..data"));
        File.CreateSymbolicLink(Path.Combine(daemon.Manifests, "..data"), fresh.FullName);
        await RunningDaemon.Until(async () => (await daemon.Status()).NetworkPolicies == 1, "the policy is enforced");
    }

    /// <summary>Reading the first waits for the kernel's next message, reading the second never ends.</summary>
    [Theory]
    [InlineData("/proc/kmsg", "no Kubernetes objects")]
    [InlineData("/dev/zero", "it is a character device, no regular file")]
    [InlineData("/sys/kernel/notes", "")]
    [InlineData("/", null)]
    public async Task What_is_no_ordinary_file_is_named(string target, string? words)
    {
        await using var daemon = await RunningDaemon.StartWatching();
        File.CreateSymbolicLink(Path.Combine(daemon.Manifests, "a.yaml"), target);
        Write(daemon, "b.yaml", Yaml.Pod("b"));
        await HasPods(daemon, "x/b");
        await RunningDaemon.Until(async () => words is null == (await daemon.Status()).Errors is [], "an error");
        if (words is null) return;
        var error = Assert.Single((await daemon.Status()).Errors);
        Assert.Contains("a.yaml", error, StringComparison.Ordinal);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_does_not_answer_is_named_and_holds_nothing_up()
    {
        await using var daemon = await RunningDaemon.StartWatching();
        Write(daemon, "a.yaml", Yaml.Pod("a"));
        await HasPods(daemon, "x/a");
        var place = Directory.CreateDirectory(Path.Combine(daemon.StateDirectory, "..", "silent")).FullName;
        using (var silent = new SilentFileSystem(place))
        {
            File.Delete(Path.Combine(daemon.Manifests, "a.yaml"));
            File.CreateSymbolicLink(Path.Combine(daemon.Manifests, "a.yaml"), silent.FilePath);
            Write(daemon, "b.yaml", Yaml.Pod("b"));
            // What the file said before stays, as of any that cannot be read; or the link was not there for a moment.
            await RunningDaemon.Until(async () => (await Pods(daemon)).Contains("x/b"), "the other file is read");
            const string words = "a.yaml: reading it does not answer, since 20";
            await RunningDaemon.Until(async () => (await daemon.Status()).Errors is [var error]
                && error.Contains(words, StringComparison.Ordinal), "an error");
            // Files go on being read, and the time stays that of the first question.
            var since = (await daemon.Status()).Errors.Single();
            Write(daemon, "c.yaml", Yaml.Pod("c"));
            await RunningDaemon.Until(async () => (await Pods(daemon)).Contains("x/c"), "a new file is read");
            Assert.Equal(since, (await daemon.Status()).Errors.Single());
            // It is asked for once more by the next daemon, which starts and stops all the same.
            await daemon.Stop();
            await daemon.StartAgain(o => o with { ManifestDirectory = daemon.Manifests });
            Assert.Contains("does not answer", (await daemon.Status()).Errors.Single(), StringComparison.Ordinal);
            await daemon.Stop();
            await daemon.StartAgain(o => o with { ManifestDirectory = daemon.Manifests });
            File.Delete(Path.Combine(daemon.Manifests, "a.yaml"));
            await RunningDaemon.Until(async () => (await daemon.Status()).Errors is [], "no error");
            Write(daemon, "a.yaml", Yaml.Pod("again"));
            await RunningDaemon.Until(async () => (await Pods(daemon)).Contains("x/again"), "the name is read again");
        }
        await HasPods(daemon, "x/again", "x/b", "x/c");
    }

    private static async Task<IReadOnlyList<string>> Pods(RunningDaemon daemon) =>
        [.. (await daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse)).Pods.Select(p => p.Name)];

    [Fact]
    public async Task A_file_that_cannot_be_read_keeps_no_other_from_being_enforced()
    {
        await using var daemon = await RunningDaemon.StartWatching();
        File.CreateSymbolicLink(Path.Combine(daemon.Manifests, "a.yaml"), Path.Combine(daemon.Manifests, "nowhere"));
        using (var pipe = System.Diagnostics.Process.Start("mkfifo", Path.Combine(daemon.Manifests, "b.yaml")))
            await pipe.WaitForExitAsync(TestContext.Current.CancellationToken);
        File.WriteAllText(Path.Combine(daemon.Manifests, "c.yaml"), Yaml.Pod("c"));
        await RunningDaemon.Until(async () => (await daemon.Status()).Pods == 1, "the pod is there");
        await RunningDaemon.Until(async () => (await daemon.Status()).Errors is { Count: 2 } errors
            && errors[0].Contains("a.yaml", StringComparison.Ordinal)
            && errors[1].Contains("b.yaml", StringComparison.Ordinal), "both are told of");
    }
}
