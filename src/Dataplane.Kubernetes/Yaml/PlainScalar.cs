namespace Dataplane.Kubernetes.Yaml;

/// <summary>
/// What an unquoted scalar means: the YAML 1.2 core schema, as Kubernetes reads manifests, except that <c>y</c>,
/// <c>yes</c>, <c>n</c>, <c>no</c>, <c>on</c> and <c>off</c> are the words they look like.
/// </summary>
internal static class PlainScalar
{
    public static ScalarKind KindOf(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarKind.Boolean,
        ".inf" or ".Inf" or ".INF" or "+.inf" or "-.inf" or ".nan" or ".NaN" or ".NAN" => ScalarKind.Float,
        _ => NumberOrString(text),
    };

    private static ScalarKind NumberOrString(string text)
    {
        ReadOnlySpan<char> s = text;
        if (s[0] is '+' or '-')
        {
            s = s[1..];
        }
        if (s.IsEmpty || (!char.IsAsciiDigit(s[0]) && s[0] != '.'))
        {
            return ScalarKind.String;
        }
        if (s.Length > 2 && s[0] == '0' && char.IsAsciiLetter(s[1]))
        {
            return s[1] switch
            {
                'x' when AllDigits(s[2..], 16) => ScalarKind.Integer,
                'o' when AllDigits(s[2..], 8) => ScalarKind.Integer,
                'b' when AllDigits(s[2..], 2) => ScalarKind.Integer,
                'e' or 'E' => Exponent(s[1..]) ? ScalarKind.Float : ScalarKind.String,
                _ => ScalarKind.String,
            };
        }
        var digits = LengthOfDigits(s);
        if (digits == s.Length)
        {
            return ScalarKind.Integer;
        }
        var fraction = 0;
        var rest = s[digits..];
        if (rest[0] == '.')
        {
            fraction = LengthOfDigits(rest[1..]);
            rest = rest[(1 + fraction)..];
        }
        return digits + fraction > 0 && (rest.IsEmpty || Exponent(rest)) ? ScalarKind.Float : ScalarKind.String;
    }

    private static bool AllDigits(ReadOnlySpan<char> s, int radix)
    {
        foreach (var c in s)
        {
            if (c != '_' && !(char.IsAsciiHexDigit(c) && Convert.ToInt32(c.ToString(), 16) < radix))
            {
                return false;
            }
        }
        return true;
    }

    private static int LengthOfDigits(ReadOnlySpan<char> s)
    {
        var n = 0;
        while (n < s.Length && (char.IsAsciiDigit(s[n]) || (s[n] == '_' && n > 0)))
        {
            n++;
        }
        return n;
    }

    private static bool Exponent(ReadOnlySpan<char> s)
    {
        if (s[0] is not ('e' or 'E'))
        {
            return false;
        }
        s = s[1..];
        if (!s.IsEmpty && s[0] is '+' or '-')
        {
            s = s[1..];
        }
        return !s.IsEmpty && LengthOfDigits(s) == s.Length;
    }
}
