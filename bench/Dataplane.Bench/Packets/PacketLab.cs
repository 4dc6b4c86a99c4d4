using System.Diagnostics;
using System.Globalization;
using System.Net;
using Dataplane.Policy.Model;

namespace Dataplane.Bench;

/// <summary>Nodes that differ in one thing, measured in turn by one C program.</summary>
internal sealed class PacketLab : IDisposable
{
    private readonly List<(string Name, PacketNode Node, PerFamily<IPEndPoint?> Through)> _nodes = [];

    /// <param name="through">Where packets are sent to in place of the second pod.</param>
    public PacketNode Add(string name, PacketNode node, PerFamily<IPEndPoint?> through = default)
    {
        _nodes.Add((name, node, through));
        return node;
    }

    /// <summary>The rounds of each node.</summary>
    /// <param name="test">One of the program's.</param>
    /// <exception cref="InvalidOperationException">A packet was lost, that is, denied.</exception>
    public Dictionary<string, double[]> Measure(string test, IPAddress from, IPAddress to, int rounds)
    {
        using var process = Process.Start(new ProcessStartInfo(Yardsticks.Path("packets"),
            [test, $"{rounds}", $"{from}", $"{to}", .. _nodes.Select(n => n.Node.Namespaces
                + (n.Through[from.AddressFamily] is { } end ? $",{end.Address},{end.Port}" : ""))])
        { RedirectStandardOutput = true })!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"packets {test} ended with {process.ExitCode}");
        return _nodes.Zip(lines).ToDictionary(n => n.First.Name,
            n => Array.ConvertAll(n.Second.Split(' '), v => double.Parse(v, CultureInfo.InvariantCulture)));
    }

    public void Dispose()
    {
        foreach (var (_, node, _) in _nodes) node.Dispose();
    }
}
