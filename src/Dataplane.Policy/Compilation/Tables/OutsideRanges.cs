using System.Net;
using System.Net.Sockets;

namespace Dataplane.Policy.Compilation.Tables;

/// <summary>Finds the class of an address outside the pod network, as the kernel's interval maps do.</summary>
internal sealed class OutsideRanges(IReadOnlyList<CidrClass> ranges)
{
    private readonly CidrClass[] _four = [.. ranges.Where(c => c.Family == AddressFamily.InterNetwork)];
    private readonly CidrClass[] _six = [.. ranges.Where(c => c.Family == AddressFamily.InterNetworkV6)];

    /// <summary>0 where no block contains it.</summary>
    public uint Find(IPAddress address, AddressFamily family)
    {
        var sorted = family == AddressFamily.InterNetwork ? _four : _six;
        var number = AddressRange.ToNumber(address);
        int low = 0, high = sorted.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (number < sorted[middle].Range.First) high = middle - 1;
            else if (number > sorted[middle].Range.Last) low = middle + 1;
            else return sorted[middle].Class;
        }
        return 0;
    }
}
