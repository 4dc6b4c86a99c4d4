namespace Dataplane.Linux.Nftables;

/// <summary>Address families of tables, NFPROTO_* of linux/netfilter.h.</summary>
public enum NftFamily : byte { Inet = 1, Bridge = 7 }

/// <summary>NFT_MSG_*, linux/netfilter/nf_tables.h; the subsystem NFNL_SUBSYS_NFTABLES (10) goes into the high byte.</summary>
internal static class NftMessage
{
    public const int Subsystem = 10;
    public const ushort BatchBegin = 0x10, BatchEnd = 0x11;
    public const int NewTable = 0, GetTable = 1, DeleteTable = 2, NewChain = 3, GetChain = 4, NewRule = 6, DeleteChain = 5, DeleteRule = 8, NewSet = 9, GetSet = 10, DeleteSet = 11, GetRule = 7,
        NewElements = 12, GetElements = 13, DeleteElements = 14, GetGeneration = 16;
}

/// <summary>NFT_TABLE_F_*: who may change a table, and whether it outlives its owner.</summary>
[Flags]
public enum NftTableFlags : uint { None = 0, Owner = 2, Persist = 4 }

/// <summary>NFT_SET_*.</summary>
[Flags]
internal enum NftSetFlags : uint { None = 0, Interval = 4, Map = 8, Timeout = 0x10, Evaluated = 0x20, Concatenation = 0x80 }

/// <summary>Keys of the meta expression, NFT_META_*.</summary>
public enum NftMeta : uint { Priority = 2, Mark = 3, InputName = 6, OutputName = 7, NfProto = 15, L4Proto = 16, PacketType = 19, InputGroup = 21, OutputGroup = 22, Trace = NftTraceKernel.NFT_META_NFTRACE, Protocol = 1 }

/// <summary>Keys of the ct expression, NFT_CT_*.</summary>
public enum NftCt : uint { State = 0, Direction = 1, Mark = 3, SourceIPv4 = 19, SourceIPv6 = 21 }

/// <summary>Which of a connection's two tuples, IP_CT_DIR_*: as it was opened, or as answers look.</summary>
public enum NftCtDirection : byte { Original = 0, Reply = 1 }

/// <summary>Bases of the payload expression, NFT_PAYLOAD_*.</summary>
public enum NftPayload : uint { Link = 0, Network = 1, Transport = 2 }

/// <summary>NFT_CMP_*.</summary>
public enum NftCompare : uint { Equal = 0, NotEqual = 1 }

/// <summary>Verdicts: NF_DROP, NF_ACCEPT and NFT_CONTINUE, NFT_JUMP, NFT_GOTO, NFT_RETURN.</summary>
public enum NftVerdict { Drop = 0, Accept = 1, Continue = -1, Jump = -3, Goto = -4, Return = -5 }

/// <summary>Hooks of the inet and bridge families, NF_INET_* and NF_BR_*.</summary>
public enum NftHook : uint { Prerouting = 0, Input = 1, Forward = 2, Output = 3, Postrouting = 4 }
