using System.Globalization;
using System.Text.RegularExpressions;

namespace Dataplane.Kubernetes.Yaml;

/// <summary>
/// What an unquoted scalar means to Kubernetes: YAML 1.1 as its library has it (sigs.k8s.io/yaml: resolve.go of its
/// fork of yaml.v2). <c>y</c>, <c>no</c> and <c>on</c> are booleans, <c>8_080</c>, <c>0x50</c> and <c>017</c> (octal)
/// numbers; dates and base 60 (<c>1:20</c>) are strings.
/// </summary>
internal static partial class PlainScalar
{
    /// <summary>Floats from here on are written with an exponent in JSON, which no integer field takes.</summary>
    private const double MaxWhole = 1e21;

    public static ScalarKind KindOf(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE"
            or "y" or "Y" or "yes" or "Yes" or "YES" or "n" or "N" or "no" or "No" or "NO"
            or "on" or "On" or "ON" or "off" or "Off" or "OFF" => ScalarKind.Boolean,
        ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" or "-.inf" or "-.Inf" or "-.INF"
            or ".nan" or ".NaN" or ".NAN" => ScalarKind.Float,
        _ when text[0] is '+' or '-' or '.' || char.IsAsciiDigit(text[0]) => Number(text, out _, out _),
        _ => ScalarKind.String,
    };

    /// <summary>The value of a scalar that is a boolean.</summary>
    public static bool IsTrue(string text) => text[0] is 'y' or 'Y' or 't' or 'T' || text is "on" or "On" or "ON";

    /// <summary>The value of a number as a field for integers takes it; null where that refuses it.</summary>
    public static long? Whole(string text) => Number(text, out var whole, out var value) switch
    {
        ScalarKind.Integer => whole,
        ScalarKind.Float when Math.Abs(value) < MaxWhole && double.IsInteger(value)
            && value is >= long.MinValue and < 9223372036854775808.0 => (long)value,
        _ => null,
    };

    /// <summary>The word that a boolean or a number becomes where a word is needed: as the key of a mapping.</summary>
    public static string WordOf(string text, ScalarKind kind) => kind == ScalarKind.Boolean
        ? IsTrue(text) ? "true" : "false"
        : Whole(text)?.ToString(CultureInfo.InvariantCulture)
            ?? (Number(text, out _, out var value) == ScalarKind.Float && double.IsFinite(value)
                ? ((float)value).ToString(CultureInfo.InvariantCulture).ToLowerInvariant() : text);

    /// <param name="whole">The value of an integer; null where it has more than 64 bits.</param>
    /// <param name="value">The value of a float.</param>
    private static ScalarKind Number(string text, out long? whole, out double value)
    {
        (whole, value) = (null, double.NaN);
        if (text[0] == '.')
        {
            return SeparatedFraction().IsMatch(text) && IsFloat(text, out value) ? ScalarKind.Float : ScalarKind.String;
        }
        var plain = text.Replace("_", "", StringComparison.Ordinal);
        if (IsInteger(plain, out whole))
        {
            return ScalarKind.Integer;
        }
        return Decimal().IsMatch(plain) && IsFloat(plain, out value) ? ScalarKind.Float : ScalarKind.String;
    }

    /// <summary>
    /// Base 2 (0b), 8 (0o, or 0 alone), 10 or 16 (0x). Without such a mark, more than 64 bits are a float.
    /// </summary>
    private static bool IsInteger(string plain, out long? whole)
    {
        whole = null;
        var digits = plain.AsSpan(plain.Length > 0 && plain[0] is '+' or '-' ? 1 : 0);
        var (radix, isMarked) = (10, false);
        if (digits is ['0', var mark, ..])
        {
            radix = mark switch { 'x' or 'X' => 16, 'b' or 'B' => 2, _ => 8 };
            isMarked = mark is 'x' or 'X' or 'o' or 'O' or 'b' or 'B';
            digits = digits[(isMarked ? 2 : 1)..];
        }
        if (digits.IsEmpty)
        {
            return false;
        }
        UInt128 sum = 0;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix)
            {
                return false;
            }
            sum = UInt128.Min(sum * (uint)radix + (uint)digit, UInt128.One << 64);
        }
        var isNegative = plain[0] == '-';
        if (sum <= (isNegative ? (UInt128)long.MaxValue + 1 : long.MaxValue))
        {
            whole = isNegative ? (long)-(Int128)sum : (long)sum;
            return true;
        }
        return plain[0] is not ('+' or '-') && (sum <= ulong.MaxValue || isMarked);
    }

    private static bool IsFloat(string text, out double value) =>
        double.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float,
            CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Decimal();

    /// <summary>Behind a point, <c>_</c> stands between digits.</summary>
    [GeneratedRegex(@"^\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?\z")]
    private static partial Regex SeparatedFraction();
}
