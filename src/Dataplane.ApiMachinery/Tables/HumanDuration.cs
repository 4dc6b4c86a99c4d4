using System.Globalization;

namespace Dataplane.ApiMachinery.Tables;

/// <summary>Times as kubectl prints them (k8s.io/apimachinery/pkg/util/duration, HumanDuration).</summary>
public static class HumanDuration
{
    public static string Text(TimeSpan time)
    {
        var (seconds, minutes, hours) = ((long)time.TotalSeconds, (long)time.TotalMinutes, (long)time.TotalHours);
        return seconds switch
        {
            < -1 => "<invalid>",
            < 0 => "0s",
            < 120 => Of(seconds, "s"),
            _ when minutes < 10 => Of(minutes, "m") + Rest(seconds % 60, "s"),
            _ when minutes < 180 => Of(minutes, "m"),
            _ when hours < 8 => Of(hours, "h") + Rest(minutes % 60, "m"),
            _ when hours < 48 => Of(hours, "h"),
            _ when hours < 192 => Of(hours / 24, "d") + Rest(hours % 24, "h"),
            _ when hours < 24 * 365 * 2 => Of(hours / 24, "d"),
            _ when hours < 24 * 365 * 8 => Of(hours / 24 / 365, "y") + Rest(hours / 24 % 365, "d"),
            _ => Of(hours / 24 / 365, "y"),
        };
    }

    private static string Rest(long number, string unit) => number == 0 ? "" : Of(number, unit);

    private static string Of(long number, string unit) => number.ToString(CultureInfo.InvariantCulture) + unit;
}
