using System.Globalization;

namespace Dataplane.Policy.Compilation.Tables;

/// <summary>
/// The number of a class or a realm, in one role of one direction. Numbers of different roles are unrelated.
/// </summary>
/// <param name="Value">
/// 0: no class. 1 to 4: see <see cref="Realm"/>. From <see cref="Realm.FirstClass"/> on: classes.
/// </param>
public readonly record struct ClassNumber(uint Value)
{
    /// <summary>No class: no rule asks for the address in this role.</summary>
    public static readonly ClassNumber None;

    public bool IsNone => Value == 0;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
