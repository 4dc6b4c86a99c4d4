using System.Security.Cryptography;
using System.Text;

namespace Dataplane.Control.State;

/// <summary>What the API tells of an object beside its manifest. Immutable.</summary>
/// <param name="Uid">It tells the object from an earlier one of its name.</param>
/// <param name="Created">In whole seconds, UTC.</param>
public sealed record ObjectRecord(Guid Uid, DateTimeOffset Created)
{
    /// <summary>How often its specification was given, from 1.</summary>
    public long Generation { get; init; } = 1;

    /// <summary>When it was deleted, where a finalizer keeps it; null: it was not.</summary>
    public DateTimeOffset? Deleted { get; init; }

    /// <summary>metadata.managedFields as JSON on one line; empty: nobody manages a field.</summary>
    public string ManagedFields { get; init; } = "";

    /// <summary>That of an object which is new.</summary>
    public static ObjectRecord New() => new(Guid.NewGuid(), Now());

    /// <summary>That of an object of a state from before there were records; the same each time.</summary>
    public static ObjectRecord Unknown(ObjectKey key) => new(Derived("", $"{key}"), DateTimeOffset.UnixEpoch);

    /// <summary>An identity that follows from another and a name.</summary>
    public static Guid Derived(string from, string name) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{from}/{name}")).AsSpan(0, 16));

    /// <summary>The time, in whole seconds.</summary>
    public static DateTimeOffset Now() =>
        DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
}
