namespace Dataplane.Bench;

/// <summary>The C programs that ours are measured beside; bench/run builds them.</summary>
internal static class Yardsticks
{
    public static string Path(string program) =>
        System.IO.Path.Combine(Environment.GetEnvironmentVariable("DATAPLANE_YARDSTICKS") ?? "bench/yardsticks/bin", program);
}
