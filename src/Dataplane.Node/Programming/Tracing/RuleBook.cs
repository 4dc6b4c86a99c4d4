using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables;
using Dataplane.Rules.Nftables.Render;

namespace Dataplane.Node.Programming.Tracing;

/// <summary>The text of our rules by the handles that the kernel gave them.</summary>
internal sealed class RuleBook
{
    private readonly Dictionary<(NftFamily, ulong), string> _texts = [];

    public RuleBook(NetlinkSocket socket, NodeRuleset ruleset)
    {
        foreach (var table in ruleset.Tables)
        {
            var handles = NftRules.Dump(socket, table.Family, table.Name).ToLookup(r => r.Chain, r => r.Handle);
            // A chain that another process has changed has no texts: a wrong one would be worse.
            foreach (var chain in table.Chains.Where(c => handles[c.Name].Count() == c.Rules.Count))
            {
                foreach (var (rule, handle) in chain.Rules.Zip(handles[chain.Name]))
                    _texts[(table.Family, handle)] = NftTextRenderer.Render(rule);
            }
        }
    }

    /// <summary>A message in nft's words.</summary>
    public string Text(in NftTraceMessage message) => message.Type switch
    {
        NftTraceType.Rule when _texts.TryGetValue((message.Family, message.RuleHandle), out var text) => text,
        // Linux 6.18 reports the end of a chain as a rule without handle.
        NftTraceType.Rule when message.RuleHandle != 0 => $"rule {message.RuleHandle}: {Verdict(message)}",
        NftTraceType.Policy => $"policy {Verdict(message)}",
        _ => "end of the chain",
    };

    private static string Verdict(in NftTraceMessage message) =>
        message.Verdict.ToString().ToLowerInvariant() + (message.Target is { } chain ? $" {chain}" : "");
}
