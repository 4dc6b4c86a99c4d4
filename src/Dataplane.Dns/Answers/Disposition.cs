namespace Dataplane.Dns.Answers;

/// <summary>What becomes of a message.</summary>
internal enum Disposition
{
    /// <summary>It is answered.</summary>
    Reply,

    /// <summary>Nothing is sent.</summary>
    Silence,

    /// <summary>Another server is to be asked.</summary>
    Forward,
}

/// <param name="Length">Of the answer, where there is one.</param>
/// <param name="Alias">The name of elsewhere that the question's name stands for, which is to be asked for instead;
/// null: the question itself is forwarded.</param>
internal readonly record struct Outcome(Disposition Disposition, int Length = 0, byte[]? Alias = null)
{
    public static readonly Outcome Silence = new(Disposition.Silence);
}
