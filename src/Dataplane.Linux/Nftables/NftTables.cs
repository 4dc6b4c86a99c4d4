using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;

namespace Dataplane.Linux.Nftables;

/// <summary>A table as the kernel keeps it.</summary>
public readonly record struct NftTableInfo(NftFamily Family, string Name, NftTableFlags Flags);

/// <summary>A chain that the kernel enters at a hook.</summary>
/// <param name="Family">NFPROTO_*, linux/netfilter.h; here not only the families that we have tables of.</param>
/// <param name="Policy">What becomes of a packet at its end.</param>
public readonly record struct NftBaseChainInfo(byte Family, string Table, string Name, NftHook Hook, NftVerdict Policy);

/// <summary>What others may have done to tables: reads them back, and the number that every commit moves.</summary>
public static class NftTables
{
    /// <summary>The tables of all families.</summary>
    public static IReadOnlyList<NftTableInfo> Dump(NetlinkSocket socket)
    {
        var tables = new List<NftTableInfo>();
        socket.Dump((ushort)(NftMessage.Subsystem << 8 | NftMessage.GetTable), NftBatch.Header(0), "list tables", (_, body) => tables.Add(Parse(body)));
        return tables;
    }

    /// <summary>The names of a table's chains; none where there is no such table.</summary>
    public static IReadOnlyList<string> Chains(NetlinkSocket socket, NftFamily family, string table) =>
        Names(socket, NftMessage.GetChain, 3, family, table, "list chains"); // NFTA_CHAIN_NAME

    /// <summary>The names of a table's sets and maps; none where there is no such table.</summary>
    public static IReadOnlyList<string> Sets(NetlinkSocket socket, NftFamily family, string table) =>
        Names(socket, NftMessage.GetSet, 2, family, table, "list sets");     // NFTA_SET_NAME

    /// <summary>The base chains of all families.</summary>
    public static IReadOnlyList<NftBaseChainInfo> DumpBaseChains(NetlinkSocket socket)
    {
        var chains = new List<NftBaseChainInfo>();
        socket.Dump((ushort)(NftMessage.Subsystem << 8 | NftMessage.GetChain), NftBatch.Header(0), "list chains", (_, body) =>
        {
            if (BaseChain(body) is { } chain) chains.Add(chain);
        });
        return chains;
    }

    /// <summary>The generation of the namespace's ruleset (NFTA_GEN_ID): every commit of anybody's changes it.</summary>
    public static uint Generation(NetlinkSocket socket)
    {
        uint generation = 0;
        var request = socket.NewBatch(64);
        try
        {
            request.Begin((ushort)(NftMessage.Subsystem << 8 | NftMessage.GetGeneration), NetlinkFlags.Request | NetlinkFlags.Ack, NftBatch.Header(0));
            socket.SendOrThrow(ref request, "ask for the ruleset's generation", (_, body) =>
            {
                var attributes = MessageReader.Attributes<nfgenmsg>(body);
                while (attributes.Read())
                    if (attributes.Type == 1) generation = attributes.U32Be(); // NFTA_GEN_ID
            });
        }
        finally
        {
            request.Dispose();
        }
        return generation;
    }

    /// <summary>Keys and data of a set's elements, as registers hold them; none where there is no such set.</summary>
    public static IReadOnlyList<(byte[] Key, byte[] Data)> DumpElements(NetlinkSocket socket, NftFamily family, string table, string set)
    {
        var found = new List<(byte[], byte[])>();
        DumpElements(socket, family, table, set, (key, _, data, _) => found.Add((key.ToArray(), data.ToArray())));
        return found;
    }

    /// <summary>What the kernel has in a set; null: there is no such set. Nothing is kept of its elements.</summary>
    public static NftElementSum? Sum(NetlinkSocket socket, NftFamily family, string table, string set)
    {
        var sum = new NftElementSum();
        return DumpElements(socket, family, table, set, (key, keyEnd, data, flags) => sum.Add(key, keyEnd, data, flags)) ? sum : null;
    }

    private delegate void ElementReader(ReadOnlySpan<byte> key, ReadOnlySpan<byte> keyEnd, ReadOnlySpan<byte> data, uint flags);

    /// <returns>False: there is no such set.</returns>
    private static bool DumpElements(NetlinkSocket socket, NftFamily family, string table, string set, ElementReader read)
    {
        var request = socket.NewBatch(256);
        try
        {
            request.Begin((ushort)(NftMessage.Subsystem << 8 | NftMessage.GetElements), NetlinkFlags.Request | NetlinkFlags.Dump, NftBatch.Header((byte)family));
            request.String(1, table);          // NFTA_SET_ELEM_LIST_TABLE
            request.String(2, set);            // NFTA_SET_ELEM_LIST_SET
            socket.Dump(ref request, (_, body) => Elements(body, read), $"list the elements of {set}");
            return true;
        }
        catch (LinuxException e) when (e.ErrorNumber == Errno.ENOENT)
        {
            return false;
        }
        finally
        {
            request.Dispose();
        }
    }

    private static void Elements(ReadOnlySpan<byte> body, ElementReader read)
    {
        var attributes = MessageReader.Attributes<nfgenmsg>(body);
        while (attributes.Read())
        {
            if (attributes.Type != 3) continue;         // NFTA_SET_ELEM_LIST_ELEMENTS
            var elements = attributes.Nested();
            while (elements.Read())
            {
                var element = elements.Nested();        // NFTA_LIST_ELEM
                ReadOnlySpan<byte> key = default, keyEnd = default, data = default;
                uint flags = 0;
                while (element.Read())
                {
                    switch (element.Type)
                    {
                        case 1: key = Value(element.Nested()); break;     // NFTA_SET_ELEM_KEY
                        case 2: data = Value(element.Nested()); break;    // NFTA_SET_ELEM_DATA
                        case 3: flags = element.U32Be(); break;           // NFTA_SET_ELEM_FLAGS
                        case 10: keyEnd = Value(element.Nested()); break; // NFTA_SET_ELEM_KEY_END
                    }
                }
                read(key, keyEnd, data, flags);
            }
        }
    }

    private static List<string> Names(NetlinkSocket socket, int message, int attribute, NftFamily family, string table, string operation)
    {
        var names = new List<string>();
        socket.Dump((ushort)(NftMessage.Subsystem << 8 | message), NftBatch.Header((byte)family), operation, (_, body) =>
        {
            var (of, name) = ("", "");
            var attributes = MessageReader.Attributes<nfgenmsg>(body);
            while (attributes.Read())
            {
                if (attributes.Type == 1) of = attributes.String();         // NFTA_CHAIN_TABLE, NFTA_SET_TABLE
                else if (attributes.Type == attribute) name = attributes.String();
            }
            if (of == table) names.Add(name);
        });
        return names;
    }

    private static ReadOnlySpan<byte> Value(AttributeReader data)
    {
        while (data.Read())
            if (data.Type == 1) return data.Value; // NFTA_DATA_VALUE
        return [];
    }

    /// <summary>Null: no base chain.</summary>
    private static NftBaseChainInfo? BaseChain(ReadOnlySpan<byte> body)
    {
        var (table, name, policy) = ("", "", NftVerdict.Accept);
        NftHook? hook = null;
        var attributes = MessageReader.Attributes<nfgenmsg>(body);
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case 1: table = attributes.String(); break;                  // NFTA_CHAIN_TABLE
                case 3: name = attributes.String(); break;                   // NFTA_CHAIN_NAME
                case 5: policy = (NftVerdict)attributes.U32Be(); break;      // NFTA_CHAIN_POLICY
                case 4:                                                      // NFTA_CHAIN_HOOK
                    var nested = attributes.Nested();
                    while (nested.Read())
                        if (nested.Type == 1) hook = (NftHook)nested.U32Be(); // NFTA_HOOK_HOOKNUM
                    break;
            }
        }
        return hook is { } at ? new NftBaseChainInfo(MessageReader.Header<nfgenmsg>(body).nfgen_family, table, name, at, policy) : null;
    }

    private static NftTableInfo Parse(ReadOnlySpan<byte> body)
    {
        var table = new NftTableInfo((NftFamily)MessageReader.Header<nfgenmsg>(body).nfgen_family, "", NftTableFlags.None);
        var attributes = MessageReader.Attributes<nfgenmsg>(body);
        while (attributes.Read())
        {
            table = attributes.Type switch
            {
                1 => table with { Name = attributes.String() },                  // NFTA_TABLE_NAME
                2 => table with { Flags = (NftTableFlags)attributes.U32Be() },   // NFTA_TABLE_FLAGS
                _ => table,
            };
        }
        return table;
    }
}
