using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration;

/// <summary>A namespace with a generated name that goes with the test, pass or fail.</summary>
public sealed class TestNetns : IDisposable
{
    private TestNetns(string name) => (Name, Netns) = (name, Netns.Create(name));

    public string Name { get; }

    public Netns Netns { get; }

    public static TestNetns Create() => new($"dptest-{Guid.NewGuid().ToString("N")[..10]}");

    /// <summary>See <see cref="InNetns.Exec(string, string, string, string?)"/>.</summary>
    public string Exec(string program, string arguments, string? input = null) =>
        InNetns.Exec(Name, program, arguments, input);

    public void Dispose()
    {
        Netns.Dispose();
        Netns.Delete(Name);
    }
}
