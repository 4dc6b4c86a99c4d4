using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Compilation.Classes;

/// <summary>
/// The classes of one level: cells of equal signature form a class. When signatures change, a class that loses all its
/// cells takes over the new signature of one of them: so a class that changes as a whole keeps its number.
/// </summary>
/// <param name="empty">The number of the class whose signature is empty.</param>
internal sealed class SignatureClasses(ClassLevel level, int universe, Numbering<ClassNumber> numbers,
    ClassNumber empty)
{
    private static readonly HashSet<ClassNode> Nothing = [];
    private readonly int _slot = (int)level;
    private readonly Dictionary<int[], ClassNode> _bySignature = new(SignatureComparer.Instance);
    private readonly Dictionary<int, HashSet<ClassNode>> _byTag = [];

    /// <summary>The class of the empty signature. It always exists.</summary>
    public ClassNode Empty { get; } = new(empty, level, universe, []);

    /// <summary>
    /// Classes that were added, removed or got another signature, or a signature that means something else. The caller
    /// clears it.
    /// </summary>
    public HashSet<ClassNode> Changed { get; } = [];

    public IReadOnlyCollection<ClassNode> With(int tag) => _byTag.GetValueOrDefault(tag, Nothing);

    /// <summary>What the tag means for the classes that have it has changed.</summary>
    public void MarkChanged(int tag) => Changed.UnionWith(With(tag));

    /// <summary>
    /// Moves cells to the classes of their new signatures. A null signature: the cell no longer exists.
    /// </summary>
    public void Move(List<(Cell Cell, int[]? Signature)> moves)
    {
        var left = new List<ClassNode>();
        foreach (var (cell, _) in moves)
        {
            if (!cell.IsCounted[_slot] || cell.Classes[_slot] is not { } old) continue;
            cell.IsCounted[_slot] = false;
            old.Cells--;
            left.Add(old);
        }
        var homeless = new List<(Cell Cell, int[] Signature)>();
        foreach (var (cell, signature) in moves)
        {
            if (signature is null) continue;
            if (Find(signature) is { } found) Enter(cell, found);
            else homeless.Add((cell, signature));
        }
        foreach (var (cell, signature) in homeless)
        {
            var home = Find(signature) ?? (cell.Classes[_slot] is { Cells: 0 } vacant && vacant != Empty
                && IsKnown(vacant) ? Rename(vacant, signature) : Create(signature));
            Enter(cell, home);
        }
        foreach (var old in left)
            if (old.Cells == 0 && old != Empty && IsKnown(old)) Remove(old);
    }

    private ClassNode? Find(int[] signature) =>
        signature.Length == 0 ? Empty : _bySignature.GetValueOrDefault(signature);

    private bool IsKnown(ClassNode node) => _bySignature.TryGetValue(node.Signature, out var found) && found == node;

    private void Enter(Cell cell, ClassNode node)
    {
        cell.Classes[_slot] = node;
        cell.IsCounted[_slot] = true;
        node.Cells++;
    }

    private ClassNode Create(int[] signature)
    {
        var node = new ClassNode(numbers.Take(), level, universe, signature);
        Index(node);
        return node;
    }

    private ClassNode Rename(ClassNode node, int[] signature)
    {
        Unindex(node);
        node.Signature = signature;
        Index(node);
        return node;
    }

    private void Remove(ClassNode node)
    {
        Unindex(node);
        numbers.GiveBack(node.Id);
    }

    private void Index(ClassNode node)
    {
        Changed.Add(node);
        _bySignature[node.Signature] = node;
        foreach (var tag in node.Signature)
        {
            if (!_byTag.TryGetValue(tag, out var classes)) _byTag[tag] = classes = [];
            classes.Add(node);
        }
    }

    private void Unindex(ClassNode node)
    {
        Changed.Add(node);
        _bySignature.Remove(node.Signature);
        foreach (var tag in node.Signature)
        {
            var classes = _byTag[tag];
            classes.Remove(node);
            if (classes.Count == 0) _byTag.Remove(tag);
        }
    }
}
