using System.Buffers.Binary;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
namespace Dataplane.Linux.Tests.Nftables;

/// <summary>Elements, and how many fit into one message.</summary>
public sealed class ElementGoldenTests
{
    [Fact] // add element inet t m { 10.244.0.2 comment "a/b" : 0x40000010 }
    public void Element_of_a_map_with_a_comment() => NftGolden.Messages("""
        50000000 0c0a 0504 02000000 00000000          // NFT_MSG_NEWSETELEM, REQUEST|ACK|CREATE
        01 00 0000
        0600 0100 74 00 0000                          // NFTA_SET_ELEM_LIST_TABLE
        0600 0200 6d 00 0000                          // NFTA_SET_ELEM_LIST_SET
        2c00 0380                                     // NFTA_SET_ELEM_LIST_ELEMENTS
        2800 0180                                     //   NFTA_LIST_ELEM
        0c00 0180 0800 0100 0af40002                  //     NFTA_SET_ELEM_KEY: NFTA_DATA_VALUE
        0c00 0280 0800 0100 10000040                  //     NFTA_SET_ELEM_DATA, a mark: host order
        0a00 0600 00 04 612f62 00 0000                //     NFTA_SET_ELEM_USERDATA: NFTNL_UDATA_SET_ELEM_COMMENT
        """, b =>
        {
            b.BeginElements(NftFamily.Inet, "t", "m");
            b.Element([10, 244, 0, 2], data: [0x10, 0, 0, 0x40], comment: "a/b");
            b.EndElements();
        });

    [Fact] // delete element inet t s { 80-90 }, the last field of a concatenation
    public void Range_of_a_concatenated_set() => NftGolden.Messages("""
        44000000 0e0a 0500 02000000 00000000          // NFT_MSG_DELSETELEM, REQUEST|ACK
        01 00 0000
        0600 0100 74 00 0000
        0600 0200 73 00 0000
        2000 0380
        1c00 0180
        0c00 0180 0800 0100 00500000                  // NFTA_SET_ELEM_KEY
        0c00 0a80 0800 0100 005a0000                  // NFTA_SET_ELEM_KEY_END, included
        """, b =>
        {
            b.BeginElements(NftFamily.Inet, "t", "s", delete: true);
            b.Element([0, 80, 0, 0], [0, 90, 0, 0]);
            b.EndElements();
        });

    [Fact] // add element inet t s { 10.0.0.0/8 }
    public void Range_of_a_plain_interval_set() => NftGolden.Messages("""
        50000000 0c0a 0504 02000000 00000000
        01 00 0000
        0600 0100 74 00 0000
        0600 0200 73 00 0000
        2c00 0380
        1000 0180
        0c00 0180 0800 0100 0a000000                  // NFTA_SET_ELEM_KEY: where it begins
        1800 0180
        0800 0300 00000001                            // NFTA_SET_ELEM_FLAGS: NFT_SET_ELEM_INTERVAL_END
        0c00 0180 0800 0100 0b000000                  // NFTA_SET_ELEM_KEY: the first one behind
        """, b =>
        {
            b.BeginElements(NftFamily.Inet, "t", "s");
            b.Range([10, 0, 0, 0], [10, 255, 255, 255], default);
            b.EndElements();
        });

    [Fact]
    public void No_element_no_message() => NftGolden.Messages("", b =>
    {
        b.BeginElements(NftFamily.Inet, "t", "s");
        b.EndElements();
    });

    [Fact]
    public void Many_elements_are_split_before_a_list_outgrows_its_16_bit_length()
    {
        const int count = 5_000, element = 4 + 12 + 4 + 124;
        var written = NftGolden.Written(b =>
        {
            var key = new byte[4];
            b.BeginElements(NftFamily.Inet, "t", "s");
            for (var i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteInt32BigEndian(key, i);
                b.Element(key, comment: new string('c', 120));
            }
            b.EndElements();
        });
        var keys = new List<int>();
        var messages = new MessageReader(written);
        var (lists, asked) = (0, 0);
        while (messages.Read())
        {
            if (messages.Type != 0x0a0c) continue;
            if ((messages.Flags & NetlinkFlags.Ack) != 0) asked++;
            foreach (var list in Lists(messages.Body[4..]))
            {
                lists++;
                for (var at = 4; at < list.Length; at += element)
                    keys.Add(BinaryPrimitives.ReadInt32BigEndian(list.AsSpan(at + 12)));
            }
        }
        Assert.Equal(Enumerable.Range(0, count), keys);
        Assert.Equal(1, asked);
        Assert.InRange(lists, count * element / ushort.MaxValue + 1, count * element / 60_000 + 1);
    }

    /// <summary>NFTA_SET_ELEM_LIST_ELEMENTS with its header; its length is what the kernel goes by.</summary>
    private static List<byte[]> Lists(ReadOnlySpan<byte> attributes)
    {
        var lists = new List<byte[]>();
        while (attributes.Length > 0)
        {
            var length = BitConverter.ToUInt16(attributes);
            if ((BitConverter.ToUInt16(attributes[2..]) & 0x3fff) == 3) lists.Add(attributes[..length].ToArray());
            attributes = attributes[((length + 3) & ~3)..];
        }
        return lists;
    }
}
