using System.Globalization;

namespace Dataplane.Services.Tables;

/// <summary>The number of an address and port that pools lead to; pools may share it.</summary>
/// <param name="Value">From 1 to 0x7fffffff, since it travels where epochs do, which have the highest bit; 0:
/// none.</param>
public readonly record struct BackendNumber(uint Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
