namespace Dataplane.Api.Networks;

/// <summary>A version of the CNI specification, and what its results look like.</summary>
public readonly record struct CniVersion
{
    private static readonly string[] All = ["0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"];

    private readonly int _number;

    private CniVersion(int number) => _number = number;

    /// <summary>In their order.</summary>
    public static IReadOnlyList<string> Supported => All;

    public static CniVersion Latest => new(All.Length - 1);

    /// <summary>Results have the members <c>ip4</c> and <c>ip6</c>, and no list of interfaces.</summary>
    public bool HasFlatResults => _number < IndexOf("0.3.0");

    /// <summary>Each address says of which family it is.</summary>
    public bool NamesFamilies => _number < IndexOf("1.0.0");

    /// <summary>There is CHECK.</summary>
    public bool HasCheck => _number >= IndexOf("0.4.0");

    /// <summary>There are GC and STATUS.</summary>
    public bool HasCollect => _number >= IndexOf("1.1.0");

    /// <summary>Null: it is not supported.</summary>
    public static CniVersion? Of(string text) => IndexOf(text) is >= 0 and var number ? new CniVersion(number) : null;

    public override string ToString() => All[_number];

    private static int IndexOf(string text) => Array.IndexOf(All, text);
}
