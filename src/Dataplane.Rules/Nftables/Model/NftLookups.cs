using Dataplane.Linux.Nftables;

namespace Dataplane.Rules.Nftables.Model;

/// <summary>A packet's scratch registers that nft's grammar can both set from a map and use in a key.</summary>
public enum NftRegister { Mark, Priority, CtMark }

public static class NftRegisterNames
{
    public static string Name(this NftRegister register) => register switch
    {
        NftRegister.Mark => "meta mark",
        NftRegister.Priority => "meta priority",
        _ => "ct mark",
    };

    /// <summary>A value in the register's own notation: class ids are major:minor, 16 bits each, in hex.</summary>
    public static string Value(this NftRegister register, uint value) =>
        register == NftRegister.Priority ? $"{value >> 16:x}:{value & 0xffff:x}" : $"0x{value:x8}";

    internal static NftMeta Key(this NftRegister register) =>
        register == NftRegister.Mark ? NftMeta.Mark : NftMeta.Priority;

    internal static void Store(this NftRegister register, NftBatch batch)
    {
        if (register == NftRegister.CtMark) batch.CtStore(NftCt.Mark, 1);
        else batch.MetaStore(register.Key(), 1);
    }
}

/// <summary>The concatenation of the fields is, or is not, in a set.</summary>
public sealed record MatchIn(string Set, bool IsInterval, params NftField[] Fields) : NftStatement
{
    public bool Not { get; init; }

    public override string Text => $"{string.Join(" . ", Fields.Select(f => f.Text))} {(Not ? "!= " : "")}@{Set}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        NftFields.Load(batch, context, Fields, IsInterval);
        batch.Lookup(Set, context.SetIds[Set], Not);
    }
}

/// <summary>Sets a register to the value of a map for the fields. Without an element the rule ends.</summary>
public sealed record SetFromMap(NftRegister Target, string Map, params NftField[] Fields) : NftStatement
{
    /// <summary>Whether the map has concatenated intervals as keys.</summary>
    public bool IsInterval { get; init; }

    public override string Text => $"{Target.Name()} set {string.Join(" . ", Fields.Select(f => f.Text))} map @{Map}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        NftFields.Load(batch, context, Fields, IsInterval);
        batch.LookupData(Map, context.SetIds[Map]);
        Target.Store(batch);
    }
}

/// <summary>Sets a register to a constant.</summary>
public sealed record SetConstant(NftRegister Target, uint Value) : NftStatement
{
    public override string Text => $"{Target.Name()} set {Target.Value(Value)}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.Immediate(1, Value);
        Target.Store(batch);
    }
}

/// <summary>Flips these bits of the mark.</summary>
public sealed record FlipMarkBits(uint Bits) : NftStatement
{
    public override string Text => $"meta mark set meta mark ^ 0x{Bits:x8}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.MetaLoad(NftMeta.Mark, 1);
        batch.Flip(1, Bits);
        batch.MetaStore(NftMeta.Mark, 1);
    }
}

internal static class NftFields
{
    private static readonly byte[] EtherTypeIPv4 = [0x08, 0x00], EtherTypeIPv6 = [0x86, 0xdd];

    /// <summary>Checks what the fields need, then loads them side by side as the kernel concatenates them.</summary>
    /// <returns>How many words they take.</returns>
    public static int Load(NftBatch batch, NftRuleContext context, NftField[] fields, bool isInterval)
    {
        Require(batch, context.Family, Array.Find(fields, f => f.Needs != NftProtocol.Any)?.Needs
            ?? NftProtocol.Any);
        var word = 0;
        foreach (var field in fields)
        {
            var register = NftExpressions.Register(word);
            field.Load(batch, register);
            if (isInterval && field.Type is { IsHostOrder: true, Length: 4 }) batch.HostToNetwork(register);
            word += field.Type.PaddedLength / 4;
        }
        return word;
    }

    /// <summary>
    /// Loads a key, and the priority into the first word behind it. nft 1.0.6 itself, where it reads such a rule as
    /// text, writes the priority over the last word of a key of more than four.
    /// </summary>
    /// <returns>The register of the priority.</returns>
    public static uint LoadPriorityBehind(NftBatch batch, NftRuleContext context, NftField[] fields)
    {
        var register = NftExpressions.Register(Load(batch, context, fields, isInterval: false));
        batch.MetaLoad(NftMeta.Priority, register);
        return register;
    }

    public static void Require(NftBatch batch, NftFamily family, NftProtocol protocol)
    {
        if (protocol == NftProtocol.Any) return;
        if (family == NftFamily.Bridge)
        {
            batch.MetaLoad(NftMeta.Protocol, 1);
            batch.Compare(1, NftCompare.Equal, protocol == NftProtocol.IPv4 ? EtherTypeIPv4 : EtherTypeIPv6);
            return;
        }
        new MatchFamily(protocol).Write(batch, null!);
    }
}
