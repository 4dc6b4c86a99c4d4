using System.Globalization;
using System.Text.Json;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;
using Dataplane.Runtime.Life;
using Dataplane.Runtime.Statuses;
using Dataplane.Runtime.Supervision.Wire;

namespace Dataplane.Runtime.Tests.Life;

/// <summary>A pod that is led through its life with a clock of its own, at 0 s in the beginning.</summary>
internal sealed class Play
{
    private static readonly DateTimeOffset Zero = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static SupervisorJson MemoryJson => SupervisorJson.Default;

    private readonly PodPrograms _programs;
    private PodLife _life;
    private DateTimeOffset _now = Zero;

    /// <param name="spec">The lines of a PodSpec, without indentation.</param>
    public Play(string spec)
    {
        var text = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: x}\nspec:\n"
            + string.Join('\n', spec.Split('\n').Select(l => "  " + l));
        var loaded = ManifestLoader.LoadText("p.yaml", text);
        Assert.Empty(loaded.Diagnostics);
        _programs = Assert.Single(loaded.Manifests.Pods).Programs;
        _life = new PodLife("x", "p", _programs, _now);
    }

    public PodStatus Status => _life.Status;

    public bool IsGone => _life.IsGone;

    /// <summary>Seconds since the beginning at which something is due; null: never.</summary>
    public double? Wake => _life.Wake is { } wake ? Math.Max(0, (wake - Zero).TotalSeconds) : null;

    /// <summary>STATUS, READY and RESTARTS of kubectl.</summary>
    public string Shown => string.Create(CultureInfo.InvariantCulture,
        $"{Status.Word} {Status.ReadyText} {Status.Restarts}");

    /// <summary>It is so many seconds after the beginning; what is to be done then.</summary>
    public string At(double seconds)
    {
        _now = Zero + TimeSpan.FromSeconds(seconds);
        return Orders();
    }

    /// <summary>Another supervisor goes on, so many seconds after the beginning; what it does first.</summary>
    public string Restored(double seconds)
    {
        _now = Zero + TimeSpan.FromSeconds(seconds);
        var kept = JsonSerializer.Deserialize(JsonSerializer.Serialize(_life.Memory, MemoryJson.PodMemory),
            MemoryJson.PodMemory)!;
        var status = _life.Status;
        _life = PodLife.Restore("x", "p", _programs, kept, _now);
        Assert.Equal((status.Phase, status.Word, status.IsTerminating, status.ReadyText, status.Restarts),
            (Status.Phase, Status.Word, Status.IsTerminating, Status.ReadyText, Status.Restarts));
        Assert.Equal(status.Init, Status.Init);
        Assert.Equal(status.Containers, Status.Containers);
        return Orders();
    }

    public string NotBegun(string container) => Then(() => _life.NotBegun(container, _now));

    public string Started(string container) => Then(() => _life.Started(container, _now));

    public string NotStarted(string container, string why) => Then(() => _life.NotStarted(container, why, _now));

    public string Ended(string container, int code) =>
        Then(() => _life.Ended(container, ContainerExit.OfCode(code), _now));

    public string Ended(string container, ContainerExit exit) => Then(() => _life.Ended(container, exit, _now));

    public string Probed(string container, ProbeKind kind, bool isGood) =>
        Then(() => _life.Probed(container, kind, isGood, _now));

    public string PreStopped(string container) => Then(() => _life.PreStopped(container));

    public string Delete(double? grace = null) => Then(
        () => _life.Delete(_now, grace is { } seconds ? TimeSpan.FromSeconds(seconds) : null));

    private string Then(Action happened)
    {
        happened();
        return Orders();
    }

    /// <summary>Orders in a line, such as <c>start a, probe a Liveness</c>; empty: none.</summary>
    private string Orders() => string.Join(", ", _life.Advance(_now).Select(o => o switch
    {
        Order.Start => $"start {o.Container}",
        Order.Probe { Kind: var kind } => $"probe {o.Container} {kind}",
        Order.PreStop => $"prestop {o.Container}",
        Order.Terminate => $"term {o.Container}",
        _ => $"kill {o.Container}",
    }));
}
