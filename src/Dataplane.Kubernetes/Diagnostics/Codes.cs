namespace Dataplane.Kubernetes.Diagnostics;

/// <summary>
/// The diagnostic codes of loading. They are stable: scripts match them, a code is never given a second meaning.
/// </summary>
public static class Codes
{
    /// <summary>
    /// Errors about whole objects or files that are not read: the rest can be loaded without them, on request.
    /// </summary>
    public static IReadOnlyList<string> OfWhatIsNotRead { get; } = [UnsupportedPolicy, NestedObject, NoManifest];

    public const string TabIndentation = "Y001";
    public const string MarkdownEmphasis = "Y002";
    public const string IndentedTooDeep = "Y003";
    public const string Syntax = "Y004";
    /// <summary>NUL or another control character, or bytes that are not UTF-8.</summary>
    public const string NotText = "Y005";
    /// <summary>More bytes than a file may have, or too many nodes in one document.</summary>
    public const string TooLarge = "Y006";
    /// <summary>Nested too deep.</summary>
    public const string TooDeep = "Y007";
    /// <summary>An unknown or self-containing alias, or aliases that expand to too many nodes.</summary>
    public const string Alias = "Y008";
    public const string DuplicateKey = "Y009";
    /// <summary>A mapping key that is not a scalar.</summary>
    public const string KeyNotScalar = "Y010";
    public const string UnsupportedTag = "Y011";
    /// <summary>A warning: YAML 1.1 reads something else than it looks like, and the API server takes it.</summary>
    public const string ReadDifferently = "Y012";

    public const string UnknownField = "K001";
    /// <summary>A field that belongs under an empty sibling: it is indented too little.</summary>
    public const string MisplacedField = "K002";
    /// <summary>A peer's or port's field that stands directly in a rule.</summary>
    public const string MisplacedItem = "K003";
    public const string InvalidName = "K004";
    /// <summary>Not one of the words the field takes.</summary>
    public const string NotOneOf = "K005";
    public const string WrongType = "K006";
    public const string MissingField = "K007";
    public const string InvalidLabel = "K008";
    public const string InvalidSelector = "K009";
    public const string InvalidPort = "K010";
    public const string InvalidEndPort = "K011";
    public const string InvalidIpBlock = "K012";
    public const string InvalidPeer = "K013";
    public const string InvalidAddress = "K014";
    public const string DuplicateObject = "K015";
    public const string DuplicateAddress = "K016";
    public const string DuplicateName = "K017";
    public const string NoObjects = "K018";
    /// <summary>A policy kind that is not understood: ignoring a policy would open or close traffic silently.</summary>
    public const string UnsupportedPolicy = "K019";
    /// <summary>A note: a kind that does not decide which pods may talk, left out.</summary>
    public const string SkippedKind = "K020";
    public const string WrongApiVersion = "K021";
    public const string UnknownKind = "K022";
    /// <summary>A warning: an empty list item that means "everything".</summary>
    public const string EmptyItem = "K023";
    /// <summary>The list of problems was cut.</summary>
    public const string TooManyProblems = "K024";
    public const string InvalidValue = "K025";
    /// <summary>A field that Kubernetes has and that cannot be enforced here.</summary>
    public const string CannotBeDone = "K026";
    /// <summary>A subject or a port where exactly one of several fields must be set.</summary>
    public const string NotExactlyOne = "K027";
    /// <summary>A list longer than the API takes.</summary>
    public const string TooManyItems = "K028";
    /// <summary>A note: Pass in the last tier means Accept.</summary>
    public const string PassInBaseline = "K029";
    /// <summary>A warning: <c>pods</c> of a cluster-wide policy without one of its two selectors.</summary>
    public const string MissingSelector = "K030";
    /// <summary>A note: which pods the template of a Deployment or the like counts as.</summary>
    public const string WorkloadPods = "K031";
    /// <summary>The selector of a Deployment or the like does not select the pods of its own template.</summary>
    public const string SelectorMissesTemplate = "K032";
    /// <summary>A note: pods that have ended, which are left out.</summary>
    public const string EndedPods = "K036";
    /// <summary>A note: an object wants its traffic near, and here everything is.</summary>
    public const string TopologyIgnored = "K037";
    /// <summary>A warning: a block with bits behind its prefix, or one that no host has an address in.</summary>
    public const string AmbiguousBlock = "K040";
    /// <summary>A note: an object makes pods that are not in the set, or may make some.</summary>
    public const string MakesPods = "K041";
    /// <summary>A file that holds something else than Kubernetes objects: a note below a directory, else an
    /// error.</summary>
    public const string NoManifest = "K042";
    /// <summary>An object of another kind carries a policy, a namespace or what makes pods inside.</summary>
    public const string NestedObject = "K043";
    /// <summary>A note: objects without a namespace beside others that name one.</summary>
    public const string MixedNamespaces = "K050";
    /// <summary>An object that is to be changed and names a namespace other than that of the command line.</summary>
    public const string OtherNamespace = "K051";
    /// <summary>A note: what containers ask for and do not get where they run here.</summary>
    public const string NotRun = "K060";
}
