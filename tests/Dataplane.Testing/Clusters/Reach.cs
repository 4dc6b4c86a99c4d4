using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;

namespace Dataplane.Testing.Clusters;

/// <summary>
/// Reachability as a picture: a row per source, <c>X</c> allowed, <c>.</c> denied, <c>-</c> left out.
/// </summary>
public static class Reach
{
    /// <param name="picture">One line per endpoint in matrix order (pods by name, externals after), as <c>name
    /// X.X</c>.</param>
    public static void Expect(Lab lab, string probe, string picture, params string[] externals) =>
        Assert.Equal(Tidy(picture.Split('\n')), Draw(lab, probe, externals));

    private static string Draw(Lab lab, string probe, string[] externals)
    {
        var matrix = ReachabilityMatrix.Compute(
            lab.Cluster, [Lab.Probe(probe)], externals.Select(text => new ExternalEndpoint(IPAddress.Parse(text))),
            flow => Oracle.Evaluate(lab.Cluster, flow).Allowed, AddressFamily.InterNetwork);
        var only = Assert.Single(matrix.Probes);
        var indices = Enumerable.Range(0, only.Sources.Count).ToList();
        return Tidy(indices.Select(from =>
            $"{only.Sources[from].Name} {string.Concat(indices.Select(to => Mark(only[from, to])))}"));
    }

    private static char Mark(bool? allowed) => allowed switch { true => 'X', false => '.', null => '-' };

    private static string Tidy(IEnumerable<string> lines) =>
        string.Join('\n', lines.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .Where(line => line.Length > 0));
}
