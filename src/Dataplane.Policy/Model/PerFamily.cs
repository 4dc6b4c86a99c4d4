using System.Net.Sockets;

namespace Dataplane.Policy.Model;

/// <summary>A value for each address family.</summary>
public readonly record struct PerFamily<T>(T IPv4, T IPv6)
{
    /// <exception cref="ArgumentOutOfRangeException">The family is neither InterNetwork nor InterNetworkV6.</exception>
    public T this[AddressFamily family] => family switch
    {
        AddressFamily.InterNetwork => IPv4,
        AddressFamily.InterNetworkV6 => IPv6,
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, null),
    };
}

public static class PerFamily
{
    /// <summary>The values of both families, each made from its family.</summary>
    public static PerFamily<T> Of<T>(Func<AddressFamily, T> make) =>
        new(make(AddressFamily.InterNetwork), make(AddressFamily.InterNetworkV6));

    /// <summary>The sum of a number of both values.</summary>
    public static int Sum<T>(this PerFamily<T> values, Func<T, int> number) =>
        number(values.IPv4) + number(values.IPv6);
}
