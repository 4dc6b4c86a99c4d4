namespace Dataplane.ApiMachinery.Tests.Spdy;

/// <summary>Header blocks as zlib compresses them with the dictionary, flushed after each.</summary>
internal static class PeerBytes
{
    /// <summary>streamtype error, port 80, requestid 0; first of its connection.</summary>
    public static readonly byte[] ErrorBlock = Convert.FromHexString(
        "78f9e3c6a7c202253a703a2b294a4dcc851625aca9a0808614cb45a024cc64610024398b209198094adc8c0600"
        + "000000ffff");

    /// <summary>streamtype data, port 80, requestid 0; after the other.</summary>
    public static readonly byte[] DataBlock = Convert.FromHexString(
        "c2aa15540a2512d209000000ffff");

    /// <summary>A header of 100,000 bytes; first of its connection.</summary>
    public static readonly byte[] Bomb = Convert.FromHexString(
        "78f9e3c6a7c2ecd24111003008c030908a0b144cc7a48eb9e091dcd541e7a3fc75e4b905000000000000000000"
        + "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        + "000000000000000000000000000000000000000000000000000000000000000000000000000000000000acf500"
        + "0000ffff");
}
