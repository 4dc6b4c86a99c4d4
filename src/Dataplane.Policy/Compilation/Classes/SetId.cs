using System.Globalization;

namespace Dataplane.Policy.Compilation.Classes;

/// <summary>
/// The id of a set of one <see cref="Levels"/>, never reused there. In signatures it is part of a <see cref="Tag"/>,
/// which is a plain number: signatures are compared and hashed as arrays of int.
/// </summary>
/// <param name="Value"><see cref="Tag.FirstSet"/> or more.</param>
internal readonly record struct SetId(int Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
