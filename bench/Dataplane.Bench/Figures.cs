using System.Diagnostics;

namespace Dataplane.Bench;

/// <summary>Measuring and printing: a figure to a line, the yardstick and the ratio beside it where there is one.</summary>
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

    public static void Line(string what, string figure, string? yardstick = null) =>
        Console.WriteLine($"{what,-62} {figure,-34} {yardstick}".TrimEnd());

    public static void Line(string what, double ours, double theirs, string unit, string yardstick) =>
        Line(what, $"{ours:N2} {unit}", $"{yardstick}: {theirs:N2} {unit}; ratio {ours / theirs:N2}");

    public static void Line(string what, (double First, double Median) milliseconds) =>
        Line(what, $"{milliseconds.Median:N0} ms (first {milliseconds.First:N0})");
}
