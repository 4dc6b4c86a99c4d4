using System.Globalization;

namespace Dataplane.Services.Tables;

/// <summary>The number of a pool. Both families and all Services share one line of numbers.</summary>
/// <param name="Value">From 1 on; 0: none.</param>
public readonly record struct PoolNumber(uint Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
