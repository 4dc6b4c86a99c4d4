namespace Dataplane.Cli.Matrix;

/// <summary>Makes one row and one column of replicas that answer alike.</summary>
internal static class MatrixFold
{
    /// <summary>
    /// Replicas of one workload are one if they reach, and are reached by, the same others with the same verdicts, and
    /// each reaches each other with one verdict, which is the verdict between the row and the column that they become.
    /// </summary>
    public static MatrixBlock Fold(MatrixBlock block)
    {
        var places = new Places(block);
        var classes = Classes(block, places);
        if (classes.TrueForAll(c => c.Members.Count == 1)) return block;
        var rows = classes.Where(c => places.Row(c.Members[0]) >= 0).ToList();
        var columns = classes.Where(c => places.Column(c.Members[0]) >= 0).ToList();
        return new MatrixBlock(
            block.Asked,
            [.. rows.Select(c => c.End)],
            [.. columns.Select(c => c.End)],
            [.. from row in rows from column in columns select Between(row, column)]);

        Cell Between(Replicas row, Replicas column)
        {
            // Between replicas that are one the verdict from one to another counts, not that of one to itself.
            var to = row == column && row.Members.Count > 1 ? row.Members[1] : column.Members[0];
            return block[places.Row(row.Members[0]), places.Column(to)];
        }
    }

    private static List<Replicas> Classes(MatrixBlock block, Places places)
    {
        var all = block.Rows.Union(block.Columns).ToList();
        var sizes = all.Where(e => e.Workload is not null).CountBy(e => e.Workload!).ToDictionary();
        var classes = new List<Replicas>();
        var byWorkload = new Dictionary<string, List<Replicas>>();
        foreach (var end in all)
        {
            var known = end.Workload is null ? [] : byWorkload.GetValueOrDefault(end.Workload) ?? [];
            var same = known.Find(c => places.AreAlike(block, c.Members[0], end));
            if (same is not null)
            {
                same.Members.Add(end);
                continue;
            }
            var added = new Replicas([end], end.Workload is null ? 1 : sizes[end.Workload]);
            classes.Add(added);
            if (end.Workload is not null) byWorkload[end.Workload] = [.. known, added];
        }
        return classes;
    }

    /// <param name="OfWorkload">Number of endpoints of their workload in the matrix.</param>
    private sealed record Replicas(List<MatrixEnd> Members, int OfWorkload)
    {
        public MatrixEnd End =>
            Members[0] with { Count = Members.Count, IsWhole = Members.Count > 1 && Members.Count == OfWorkload };
    }

    /// <summary>Where endpoints are in a matrix; -1: they are not.</summary>
    private sealed class Places(MatrixBlock block)
    {
        private readonly Dictionary<MatrixEnd, int>
            _rows = block.Rows.Index().ToDictionary(r => r.Item, r => r.Index),
            _columns = block.Columns.Index().ToDictionary(c => c.Item, c => c.Index);

        public int Row(MatrixEnd end) => _rows.GetValueOrDefault(end, -1);

        public int Column(MatrixEnd end) => _columns.GetValueOrDefault(end, -1);

        public bool AreAlike(MatrixBlock block, MatrixEnd one, MatrixEnd other)
        {
            var (row, otherRow, column, otherColumn) = (Row(one), Row(other), Column(one), Column(other));
            if (row < 0 != otherRow < 0 || column < 0 != otherColumn < 0) return false;
            if (row >= 0)
            {
                for (var to = 0; to < block.Columns.Count; to++)
                    if (to != column && to != otherColumn && block[row, to] != block[otherRow, to]) return false;
            }
            if (column >= 0)
            {
                for (var at = 0; at < block.Rows.Count; at++)
                    if (at != row && at != otherRow && block[at, column] != block[at, otherColumn]) return false;
            }
            return row < 0 || column < 0
                || (block[row, otherColumn] == block[otherRow, column]
                    && block[row, column] == block[otherRow, otherColumn]);
        }
    }
}
