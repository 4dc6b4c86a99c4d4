using Dataplane.ApiMachinery.Statuses;

namespace Dataplane.ApiMachinery.Applying;

/// <summary>Fields that an apply would change and another manager owns.</summary>
internal static class ApplyConflicts
{
    /// <param name="taken">If there is no other conflict, these are none either.</param>
    /// <exception cref="StatusException">There are some (409).</exception>
    public static void Check(ManagerList managers, ManagedFieldsEntry self, FieldSet changed, FieldSet taken)
    {
        var owned = managers.Entries.Where(e => !e.IsOf(self))
            .Select(e => (Manager: e.Shown, Fields: e.Fields.Intersection(changed))).ToList();
        if (owned.TrueForAll(o => o.Fields.Difference(taken).IsEmpty))
        {
            return;
        }
        var conflicts = owned
            .Select(o => (o.Manager, Paths: o.Fields.Paths().Select(PathElement.Shown).ToList()))
            .Where(c => c.Paths.Count > 0)
            .OrderBy(c => c.Manager, StringComparer.Ordinal).ToList();
        StatusCause[] causes = [.. from conflict in conflicts
            from path in conflict.Paths
            select new StatusCause("FieldManagerConflict", $"conflict with {conflict.Manager}", path)];
        var list = causes.Length == 1
            ? $"1 conflict: {causes[0].Message}: {causes[0].Field}"
            : $"{causes.Length} conflicts: " + string.Join('\n', conflicts.Select(c =>
                string.Join('\n', c.Paths.Select(p => $"- {p}").Prepend($"conflicts with {c.Manager}:"))));
        throw new StatusException(StatusReason.Conflict, $"Apply failed with {list}") { Causes = causes };
    }
}
