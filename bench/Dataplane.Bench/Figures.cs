using System.Diagnostics;

namespace Dataplane.Bench;

/// <summary>
/// Measuring and printing: a figure to a line, the yardstick and the ratio beside it where there is one.
/// </summary>
internal static class Figures
{
    public static double Milliseconds(Action action)
    {
        GC.Collect();
        var started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    /// <summary>The first run, when nothing is compiled yet, and the median of the others.</summary>
    public static (double First, double Median) FirstAndMedian(int runs, Func<double> measure)
    {
        var first = measure();
        return (first, Median([.. Enumerable.Range(1, runs).Select(_ => measure())]));
    }

    public static double Median(IReadOnlyList<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>Round by round: what slows a round down, slows both.</summary>
    public static double[] Ratios(IEnumerable<double> ours, IEnumerable<double> yardstick) =>
        [.. ours.Zip(yardstick, (o, y) => o / y)];

    /// <summary>The median, and between which figures half of them lie.</summary>
    public static string Spread(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return $"{Ratio(sorted[sorted.Length / 2])} "
            + $"({Ratio(sorted[sorted.Length / 4])}-{Ratio(sorted[sorted.Length * 3 / 4])})";
    }

    /// <summary>As people say it.</summary>
    private static string Ratio(double value) => value < 0.03 ? $"1/{1 / value:N0}" : $"{value:N2}";

    public static void Line(string what, string figure, string? yardstick = null) =>
        Console.WriteLine($"{what,-62} {figure,-34} {yardstick}".TrimEnd());

    public static void Line(string what, (double First, double Median) milliseconds) =>
        Line(what, $"{milliseconds.Median:N0} ms (first {milliseconds.First:N0})");

    /// <summary>A bar that is a ratio, of runs that took turns. bench/run collects these lines for its table.</summary>
    public static void Bar(string what, IReadOnlyList<double> ours, string yardstick, IReadOnlyList<double> theirs,
        double atMost, string unit)
    {
        var ratios = Ratios(ours, theirs);
        Verdict(what, $"{Number(Median(ours))} {unit}", $"{yardstick}: {Number(Median(theirs))} {unit}", Spread(ratios),
            $"<= {(atMost < 0.03 ? Ratio(atMost) : $"{atMost}")}", Median(ratios) <= atMost);
    }

    public static void Bar(string what, Dictionary<string, double[]> rounds, string ours, string yardstick,
        double atMost, string unit) =>
        Bar(what, rounds[ours], yardstick, rounds[yardstick], atMost, unit);

    /// <summary>
    /// A bar in units of its own: memory, and what may not happen at all. Never a time: that is the machine's.
    /// </summary>
    public static void Bar(string what, double figure, double atMost, string unit) =>
        Verdict(what, $"{Number(figure)} {unit}", "", "", $"<= {Number(atMost)} {unit}", figure <= atMost);

    /// <summary>The yardstick is not to be had here.</summary>
    public static void Skipped(string what, string why) => Console.WriteLine($"BAR {what} |  | {why} |  |  | skipped");

    private static void Verdict(string what, string figure, string yardstick, string ratio, string bar, bool holds) =>
        Console.WriteLine(
            $"BAR {what} | {figure} | {yardstick} | {ratio} | {bar} | {(holds ? "holds" : "DOES NOT HOLD")}");

    private static string Number(double value) =>
        value.ToString(value == Math.Floor(value) ? "N0" : value < 10 ? "N3" : value < 100 ? "N1" : "N0",
            System.Globalization.CultureInfo.InvariantCulture);
}
