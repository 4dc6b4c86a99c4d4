using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Diff;

/// <summary>
/// Groups of outside addresses as the changed rules write them: <c>172.17.0.0/16 except 172.17.1.0/24</c> for the eight
/// CIDRs that are left of it, <c>0.0.0.0/0 except 10.0.0.0/8</c> for what a block leaves out.
/// </summary>
internal sealed class BlockNames
{
    private readonly Dictionary<string, string> _byCidrs = [];

    /// <param name="blocks">Of the policies that changed, before and after.</param>
    public BlockNames(IEnumerable<IpBlock> blocks)
    {
        foreach (var block in blocks)
        {
            Add(block.Cidr, block.Except);
            Add(block.Cidr.BaseAddress.AddressFamily.Everywhere(), [block.Cidr]);
        }
    }

    /// <summary>One text for all of the CIDRs of one family; null: no block is equal to them.</summary>
    /// <param name="cidrs">As <see cref="AddressText.Cidrs"/> lists them.</param>
    public string? Find(IEnumerable<string> cidrs) => _byCidrs.GetValueOrDefault(string.Join(", ", cidrs));

    private void Add(IPNetwork cidr, IReadOnlyList<IPNetwork> except)
    {
        if (except.Count == 0 || except.Contains(cidr))
        {
            return;
        }
        var left = AddressText.Cidrs(AddressRange.Subtract(AddressRange.Of(cidr), except.Select(AddressRange.Of)),
            cidr.BaseAddress.AddressFamily).ToList();
        // A single CIDR is shorter.
        if (left.Count > 1)
            _byCidrs.TryAdd(string.Join(", ", left), $"{cidr} except {string.Join(" and ", except)}");
    }
}
