using System.Buffers;
using System.Globalization;

namespace Dataplane.Kubernetes.Validation;

/// <summary>resource.Quantity of k8s.io/apimachinery: amounts such as <c>128Mi</c>, <c>0.5</c>, <c>250m</c>.</summary>
public static class Quantities
{
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("n", 1e-9m), ("u", 1e-6m), ("m", 1e-3m), ("", 1m), ("k", 1e3m), ("M", 1e6m), ("G", 1e9m), ("T", 1e12m),
        ("P", 1e15m), ("E", 1e18m), ("Ki", 1024m), ("Mi", 1048576m), ("Gi", 1073741824m), ("Ti", 1099511627776m),
        ("Pi", 1125899906842624m), ("Ei", 1152921504606846976m),
    ];

    private const int MaxExponent = 18;

    private static readonly SearchValues<char> OfNumbers = SearchValues.Create("+-.0123456789");

    /// <returns>Null where <paramref name="amount"/> was read; otherwise what is wrong.</returns>
    public static string? Parse(string text, out decimal amount)
    {
        amount = 0;
        var end = text.AsSpan().IndexOfAnyExcept(OfNumbers);
        end = end < 0 ? text.Length : end;
        if (end > 28 || !decimal.TryParse(text.AsSpan(0, end),
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out amount))
        {
            return "an amount is a number such as 2, 0.5, 250m or 128Mi";
        }
        if (Factor(text[end..]) is not { } factor)
        {
            return "the unit must be one of m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei";
        }
        try
        {
            amount *= factor;
            return amount is > long.MaxValue or < long.MinValue ? "more than fits" : null;
        }
        catch (OverflowException)
        {
            return "more than fits";
        }
    }

    private static decimal? Factor(string suffix)
    {
        if (suffix.Length > 1 && suffix[0] is 'e' or 'E' && int.TryParse(suffix.AsSpan(1),
            NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent))
        {
            return Math.Abs(exponent) > MaxExponent ? null : (decimal)Math.Pow(10, exponent);
        }
        var found = Array.FindIndex(Suffixes, s => s.Suffix == suffix);
        return found < 0 ? null : Suffixes[found].Factor;
    }
}
