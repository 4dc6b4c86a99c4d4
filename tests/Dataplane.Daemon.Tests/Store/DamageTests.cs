using Dataplane.Control.Store;
using Dataplane.Daemon.Tests.State;

namespace Dataplane.Daemon.Tests.Store;

/// <summary>
/// However a file is damaged, the store gives the state as it was stored, or reports the damage: never another state.
/// </summary>
public sealed class DamageTests : IDisposable
{
    private readonly TempDirectory _directory = TempDirectory.InMemory();
    private readonly List<string> _states = [];
    private readonly Dictionary<string, byte[]> _files = [];

    public DamageTests()
    {
        var store = Open();
        var plan = Given.Start;
        _states.Add(plan.State.Text());
        // The first file is a snapshot, so that one is among what is damaged.
        var steps = new[]
        {
            plan.Prune("a.yaml", Yaml.Pod("a", "x"), Yaml.DenyAll("closed", "x")),
        };
        store.Write(plan.State with { Lost = "once" }, steps[0].State, Given.Difference(plan.State, steps[0].State));
        plan = steps[0];
        _states.Add(plan.State.Text());
        foreach (var next in new[] { plan.Apply("b.yaml", Yaml.Pod("b", "x")),
            plan.Apply("b.yaml", Yaml.Pod("b", "x")).Delete("NetworkPolicy", "x/closed") })
        {
            store.Write(plan.State, next.State, Given.Difference(plan.State, next.State));
            plan = next;
            _states.Add(plan.State.Text());
        }
        foreach (var path in Directory.GetFiles(StateDirectory)) _files[path] = File.ReadAllBytes(path);
        Assert.Equal(3, _files.Count);
        Assert.Equal(_states[^1], Open().Loaded.Text());
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_flipped_bit_anywhere_loses_everything()
    {
        foreach (var (path, bytes) in _files)
        {
            for (var at = 0; at < bytes.Length; at++)
            {
                var damaged = bytes.ToArray();
                damaged[at] ^= (byte)(1 << (at % 8));
                AssertLost(path, damaged, $"{Path.GetFileName(path)} byte {at}");
            }
        }
    }

    [Fact]
    public void A_file_cut_anywhere_loses_everything()
    {
        foreach (var (path, bytes) in _files)
        {
            for (var length = 0; length < bytes.Length; length++)
                AssertLost(path, bytes[..length], $"{Path.GetFileName(path)} of {length} bytes");
        }
    }

    [Fact]
    public void A_temporary_file_cut_anywhere_is_not_there()
    {
        var last = _files.Keys.Order(StringComparer.Ordinal).Last(p => p.Contains("change", StringComparison.Ordinal));
        for (var length = 0; length <= _files[last].Length; length += 7)
        {
            Restore();
            File.Delete(last);
            File.WriteAllBytes(last + ".tmp", _files[last][..length]);
            Assert.Equal(_states[^2], Open().Loaded.Text());
        }
    }

    [Fact]
    public void What_is_damaged_is_kept_under_another_name()
    {
        var path = _files.Keys.First();
        Restore();
        File.WriteAllText(path, "nonsense");
        var store = Open();
        Assert.Contains(Path.GetFileName(path), Assert.Single(store.Errors), StringComparison.Ordinal);
        Assert.Equal("nonsense", File.ReadAllText(Directory.GetFiles(StateDirectory, "*.corrupt-*").Single()));
    }

    private void AssertLost(string path, byte[] damaged, string what)
    {
        Restore();
        File.WriteAllBytes(path, damaged);
        var loaded = Open().Loaded;
        Assert.True(loaded.Lost is not null && loaded.Objects.IsEmpty, $"{what}: {loaded.Text()}");
        Assert.NotNull(Open().Loaded.Lost);
    }

    private void Restore()
    {
        foreach (var path in Directory.GetFiles(StateDirectory)) File.Delete(path);
        foreach (var (path, bytes) in _files) File.WriteAllBytes(path, bytes);
    }

    private string StateDirectory => StoreTests.StateDirectoryOf(_directory);

    private StateStore Open() => StateStore.Open(_directory.Path, TimeProvider.System);
}
