namespace Dataplane.Planning.Ranges;

/// <summary>
/// Assigns numbers of a range: the next free one after the last that was assigned, so that one that was given back is
/// not reused at once. The numbers in front of a band come last.
/// </summary>
/// <param name="first">The first number.</param>
/// <param name="band">The first number of the band, which is used up first.</param>
/// <param name="end">The last number, which is in the band.</param>
/// <param name="last">The last number assigned; null, or one outside the band, starts at its first.</param>
internal sealed class NextFree(UInt128 first, UInt128 band, UInt128 end, UInt128? last)
{
    private UInt128 _next = last is { } number && number >= band && number < end ? number + 1 : band;

    /// <summary>Assigns a number; null: none is free.</summary>
    /// <param name="tries">Among as many numbers one is free, unless all are taken.</param>
    /// <param name="take">Takes a number, or says that it is taken.</param>
    public UInt128? Next(long tries, Func<UInt128, bool> take)
    {
        for (var tried = 0L; tried < tries && band <= end && (UInt128)tried <= end - band; tried++)
        {
            var number = _next;
            _next = number == end ? band : number + 1;
            if (take(number)) return number;
        }
        for (var number = first; number < band; number++)
            if (take(number)) return number;
        return null;
    }
}
