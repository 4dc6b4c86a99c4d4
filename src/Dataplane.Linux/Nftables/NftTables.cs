using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using static Dataplane.Linux.Nftables.NftKernel;

namespace Dataplane.Linux.Nftables;

/// <summary>A table as the kernel keeps it.</summary>
public readonly record struct NftTableInfo(NftFamily Family, string Name, NftTableFlags Flags);

/// <summary>A chain that the kernel enters at a hook.</summary>
/// <param name="Family">NFPROTO_*, linux/netfilter.h; any family, not only those of <see cref="NftFamily"/>.</param>
/// <param name="Policy">The verdict at its end.</param>
public readonly record struct NftBaseChainInfo(byte Family, string Table, string Name, NftHook Hook, NftVerdict Policy);

/// <summary>Reads tables back from the kernel, and the generation, which every commit changes.</summary>
public static class NftTables
{
    /// <summary>The tables of all families.</summary>
    public static IReadOnlyList<NftTableInfo> Dump(NetlinkSocket socket) => socket.DumpAll<nfgenmsg, NftTableInfo>(
        MessageType(NFT_MSG_GETTABLE), NftBatch.Header(0), "list tables", static body => Parse(body));

    /// <summary>The names of a table's chains; none where there is no such table.</summary>
    public static IReadOnlyList<string> Chains(NetlinkSocket socket, NftFamily family, string table) =>
        Names(socket, NFT_MSG_GETCHAIN, NFTA_CHAIN_NAME, family, table, "list chains");

    /// <summary>The names of a table's sets and maps; none where there is no such table.</summary>
    public static IReadOnlyList<string> Sets(NetlinkSocket socket, NftFamily family, string table) =>
        Names(socket, NFT_MSG_GETSET, NFTA_SET_NAME, family, table, "list sets");

    /// <summary>The base chains of all families.</summary>
    public static IReadOnlyList<NftBaseChainInfo> DumpBaseChains(NetlinkSocket socket) => socket.DumpAll(
        MessageType(NFT_MSG_GETCHAIN), NftBatch.Header(0), "list chains", static body => BaseChain(body));

    /// <summary>
    /// The generation of the namespace's ruleset (NFTA_GEN_ID): every commit in the namespace changes it.
    /// </summary>
    public static uint Generation(NetlinkSocket socket)
    {
        uint generation = 0;
        using var request = socket.NewBatch(64);
        request.Begin(MessageType(NFT_MSG_GETGEN), NetlinkFlags.Request | NetlinkFlags.Ack, NftBatch.Header(0));
        socket.Commit("ask for the ruleset's generation", request, (_, body) =>
        {
            var attributes = MessageReader.Attributes<nfgenmsg>(body);
            while (attributes.Read())
                if (attributes.Type == NFTA_GEN_ID) generation = attributes.U32Be();
        });
        return generation;
    }

    /// <summary>Keys and data of a set's elements, as registers hold them; none where there is no such set.</summary>
    public static IReadOnlyList<(byte[] Key, byte[] Data)> DumpElements(
        NetlinkSocket socket, NftFamily family, string table, string set)
    {
        var found = new List<(byte[], byte[])>();
        DumpElements(socket, family, table, set, (key, _, data, _) => found.Add((key.ToArray(), data.ToArray())));
        return found;
    }

    /// <summary>The sum of a set's elements in the kernel; null if there is no such set.</summary>
    public static NftElementSum? Sum(NetlinkSocket socket, NftFamily family, string table, string set)
    {
        var sum = new NftElementSum();
        return DumpElements(
            socket, family, table, set, (key, keyEnd, data, flags) => sum.Add(key, keyEnd, data, flags)) ? sum : null;
    }

    private delegate void ElementReader(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> keyEnd, ReadOnlySpan<byte> data, uint flags);

    /// <returns>False: there is no such set.</returns>
    private static bool DumpElements(
        NetlinkSocket socket, NftFamily family, string table, string set, ElementReader read)
    {
        using var request = socket.NewBatch(256);
        request.Begin(
            MessageType(NFT_MSG_GETSETELEM), NetlinkFlags.Request | NetlinkFlags.Dump, NftBatch.Header((byte)family));
        request.String(NFTA_SET_ELEM_LIST_TABLE, table);
        request.String(NFTA_SET_ELEM_LIST_SET, set);
        try
        {
            socket.Dump(request, $"list the elements of {set}", body => Elements(body, read));
            return true;
        }
        catch (LinuxException e) when (e.ErrorNumber == Errno.ENOENT)
        {
            return false;
        }
    }

    private static void Elements(ReadOnlySpan<byte> body, ElementReader read)
    {
        var attributes = MessageReader.Attributes<nfgenmsg>(body);
        while (attributes.Read())
        {
            if (attributes.Type != NFTA_SET_ELEM_LIST_ELEMENTS) continue;
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
                        case NFTA_SET_ELEM_KEY: key = Value(element.Nested()); break;
                        case NFTA_SET_ELEM_DATA: data = Value(element.Nested()); break;
                        case NFTA_SET_ELEM_FLAGS: flags = element.U32Be(); break;
                        case NFTA_SET_ELEM_KEY_END: keyEnd = Value(element.Nested()); break;
                    }
                }
                read(key, keyEnd, data, flags);
            }
        }
    }

    private static string[] Names(
        NetlinkSocket socket, int message, int attribute, NftFamily family, string table, string operation)
    {
        var all = socket.DumpAll<nfgenmsg, (string Table, string Name)>(
            MessageType(message), NftBatch.Header((byte)family), operation, body =>
            {
                var (of, name) = ("", "");
                var attributes = MessageReader.Attributes<nfgenmsg>(body);
                while (attributes.Read())
                {
                    // The number of NFTA_SET_TABLE, too.
                    if (attributes.Type == NFTA_CHAIN_TABLE) of = attributes.String();
                    else if (attributes.Type == attribute) name = attributes.String();
                }
                return of == table ? (of, name) : null;
            });
        return [.. all.Select(static found => found.Name)];
    }

    private static ReadOnlySpan<byte> Value(AttributeReader data)
    {
        while (data.Read())
            if (data.Type == NFTA_DATA_VALUE) return data.Value;
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
                case NFTA_CHAIN_TABLE: table = attributes.String(); break;
                case NFTA_CHAIN_NAME: name = attributes.String(); break;
                case NFTA_CHAIN_POLICY: policy = (NftVerdict)attributes.U32Be(); break;
                case NFTA_CHAIN_HOOK:
                    var nested = attributes.Nested();
                    while (nested.Read())
                        if (nested.Type == NFTA_HOOK_HOOKNUM) hook = (NftHook)nested.U32Be();
                    break;
            }
        }
        return hook is { } at
            ? new NftBaseChainInfo(MessageReader.Header<nfgenmsg>(body).nfgen_family, table, name, at, policy) : null;
    }

    private static NftTableInfo Parse(ReadOnlySpan<byte> body)
    {
        var table = new NftTableInfo(
            (NftFamily)MessageReader.Header<nfgenmsg>(body).nfgen_family, "", NftTableFlags.None);
        var attributes = MessageReader.Attributes<nfgenmsg>(body);
        while (attributes.Read())
        {
            table = attributes.Type switch
            {
                NFTA_TABLE_NAME => table with { Name = attributes.String() },
                NFTA_TABLE_FLAGS => table with { Flags = (NftTableFlags)attributes.U32Be() },
                _ => table,
            };
        }
        return table;
    }
}
