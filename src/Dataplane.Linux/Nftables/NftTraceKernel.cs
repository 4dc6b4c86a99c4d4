using Dataplane.Linux.Native;

namespace Dataplane.Linux.Nftables;

[KernelHeader("linux/netfilter/nfnetlink.h linux/netfilter/nf_tables.h")]
internal static class NftTraceKernel
{
    public const int NFNLGRP_NFTRACE = 9, NFT_MSG_TRACE = 17;
    public const int NFTA_TRACE_TABLE = 1, NFTA_TRACE_CHAIN = 2, NFTA_TRACE_RULE_HANDLE = 3, NFTA_TRACE_TYPE = 4, NFTA_TRACE_VERDICT = 5;
    public const int NFTA_TRACE_ID = 6, NFTA_TRACE_IIF = 10, NFTA_TRACE_OIF = 12, NFTA_TRACE_MARK = 14, NFTA_TRACE_POLICY = 16;
    public const int NFTA_VERDICT_CODE = 1, NFTA_VERDICT_CHAIN = 2;
    public const int NFT_META_NFTRACE = 12;
}
