using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Dataplane.Bench;

/// <summary>Nodes that differ in one thing, measured in turn by one C program.</summary>
internal sealed class PacketLab : IDisposable
{
    private readonly List<(string Name, PacketNode Node)> _nodes = [];

    public PacketNode Add(string name, PacketNode node)
    {
        _nodes.Add((name, node));
        return node;
    }

    /// <summary>The rounds of each node.</summary>
    /// <param name="test">One of the program's.</param>
    /// <exception cref="InvalidOperationException">A packet was lost, that is, denied.</exception>
    public Dictionary<string, double[]> Measure(string test, IPAddress from, IPAddress to, int rounds)
    {
        using var process = Process.Start(new ProcessStartInfo(Yardsticks.Path("packets"),
            [test, $"{rounds}", $"{from}", $"{to}", .. _nodes.Select(n => n.Node.Namespaces)])
        { RedirectStandardOutput = true })!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"packets {test} ended with {process.ExitCode}");
        return _nodes.Zip(lines).ToDictionary(n => n.First.Name,
            n => Array.ConvertAll(n.Second.Split(' '), v => double.Parse(v, CultureInfo.InvariantCulture)));
    }

    public void Dispose()
    {
        foreach (var (_, node) in _nodes) node.Dispose();
    }
}
