using System.Text;
using System.Text.RegularExpressions;
using Dataplane.ApiMachinery.OpenApi;

namespace Dataplane.ApiMachinery.Tests.Protobuf;

/// <summary>
/// Writes the protobuf messages of the kinds that the API takes in the short form that the program embeds: numbers and
/// types from the <c>generated.proto</c> files of Kubernetes' own repositories, names in JSON and what is written when
/// it is zero from the tags of their Go types.
/// </summary>
internal sealed partial class MessageGenerator
{
    public const string Header = $"# The protobuf messages of Kubernetes {Documents.Version}, written by "
        + "MessageGenerator, which UPDATE_PROTOBUF=DIRECTORY starts.";

    private const string Meta = "meta.v1";

    /// <summary>Kinds that are in the body of a request though their package is that of parts.</summary>
    private static readonly string[] MetaKinds = ["DeleteOptions", "Status"];

    /// <summary>Packages whose kinds are taken, with the group of each; below the repository <c>api</c>.</summary>
    private static readonly (string Folder, string Group)[] Packages =
    [
        ("admissionregistration/v1", "admissionregistration.k8s.io/"), ("apps/v1", "apps/"),
        ("authentication/v1", "authentication.k8s.io/"), ("authorization/v1", "authorization.k8s.io/"),
        ("autoscaling/v1", "autoscaling/"), ("autoscaling/v2", "autoscaling/"), ("batch/v1", "batch/"),
        ("coordination/v1", "coordination.k8s.io/"), ("core/v1", ""), ("discovery/v1", "discovery.k8s.io/"),
        ("events/v1", "events.k8s.io/"), ("networking/v1", "networking.k8s.io/"), ("policy/v1", "policy/"),
        ("rbac/v1", "rbac.authorization.k8s.io/"), ("scheduling/v1", "scheduling.k8s.io/"),
        ("storage/v1", "storage.k8s.io/"),
    ];

    private static readonly Dictionary<string, string> Forms = new()
    {
        ["resource.Quantity"] = "value", [Meta + ".FieldsV1"] = "value", ["runtime.RawExtension"] = "value",
        ["apiextensions.v1.JSON"] = "value", ["apiextensions.v1.JSONSchemaPropsOrArray"] = "value",
        ["apiextensions.v1.JSONSchemaPropsOrBool"] = "value",
        ["apiextensions.v1.JSONSchemaPropsOrStringArray"] = "value", [Meta + ".Time"] = "time",
        [Meta + ".MicroTime"] = "micro-time", ["intstr.IntOrString"] = "integer-or-string",
    };

    /// <summary>Messages whose bytes are JSON.</summary>
    private static readonly string[] Raw = [Meta + ".FieldsV1", "runtime.RawExtension", "apiextensions.v1.JSON"];

    private readonly Dictionary<string, List<Field>> _messages = [];
    private readonly Dictionary<string, Dictionary<string, Tag>> _tags = [];
    private readonly HashSet<string> _kinds = [];
    private readonly Dictionary<string, string> _versions = [];
    private readonly SortedSet<string> _reached = new(StringComparer.Ordinal);

    /// <param name="root">
    /// Holds the repositories <c>api</c>, <c>apimachinery</c> and <c>apiextensions-apiserver</c>.
    /// </param>
    public static MessageGenerator Read(string root)
    {
        var generator = new MessageGenerator();
        foreach (var (folder, group) in Packages)
        {
            generator.Add(Path.Combine(root, "api", folder), group + folder[(folder.IndexOf('/') + 1)..]);
        }
        var machinery = Path.Combine(root, "apimachinery/pkg");
        foreach (var folder in new[] { "api/resource", "apis/meta/v1", "runtime", "util/intstr" })
        {
            generator.Add(Path.Combine(machinery, folder), "");
        }
        generator.Add(Path.Combine(root, "apiextensions-apiserver/pkg/apis/apiextensions/v1"),
            "apiextensions.k8s.io/v1");
        return generator;
    }

    public string Write()
    {
        foreach (var kind in _kinds)
        {
            Reach(kind);
        }
        var text = new StringBuilder(Header).Append('\n');
        foreach (var package in _reached.GroupBy(PackageOf).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            text.Append($"package {package.Key} {_versions[package.Key]}".TrimEnd()).Append('\n');
            foreach (var name in package)
            {
                Write(name, text);
            }
        }
        return text.ToString();
    }

    /// <summary>Adds the files of one package.</summary>
    public void Add(string proto, IEnumerable<string> go, string version)
    {
        var package = Short(PackageLine().Match(proto).Groups[1].Value);
        _versions[package] = version;
        foreach (var source in go)
        {
            AddTags(source, package, version);
        }
        foreach (Match message in Message().Matches(proto))
        {
            _messages[$"{package}.{message.Groups[1].Value}"] = [.. ProtoField().Matches(message.Value)
                .Select(m => new Field(int.Parse(m.Groups["number"].Value), m.Groups["name"].Value,
                    m.Groups["map"].Success ? "{}" : m.Groups["count"].Value == "repeated" ? "[]" : "",
                    Qualified(m.Groups["map"].Success ? m.Groups["map"].Value : m.Groups["type"].Value, package)))];
        }
    }

    private void Add(string folder, string version) => Add(File.ReadAllText(Path.Combine(folder, "generated.proto")),
        Directory.EnumerateFiles(folder, "*types*.go").Select(File.ReadAllText), version);

    private void AddTags(string source, string package, string version)
    {
        foreach (Match type in Struct().Matches(source))
        {
            var name = $"{package}.{type.Groups[1].Value}";
            _tags[name] = [];
            foreach (Match m in GoField().Matches(type.Value))
            {
                var json = m.Groups["json"].Value.Split(',');
                var go = m.Groups["type"].Value;
                // A part that is embedded without a name has that of its type.
                var proto = m.Groups["proto"].Success ? m.Groups["proto"].Value
                    : char.ToLowerInvariant(go[0]) + go[1..];
                _tags[name][proto] = new Tag(json[0], json.Contains("inline"), go[0] == '*',
                    json.Contains("omitempty"), json.Contains("omitzero"));
            }
            var isKind = version.Length > 0 ? !name.EndsWith("List", StringComparison.Ordinal)
                : package == Meta && MetaKinds.Contains(type.Groups[1].Value);
            if (isKind && type.Value.Contains("TypeMeta `json:\",inline\"", StringComparison.Ordinal))
            {
                _kinds.Add(name);
            }
        }
    }

    private void Reach(string name)
    {
        if (!_reached.Add(name))
        {
            return;
        }
        foreach (var field in _messages[name].Where(f => f.Type.Contains('.')))
        {
            Reach(field.Type);
        }
    }

    private void Write(string name, StringBuilder text)
    {
        // A type of Go that is a list itself is a message with the one field items.
        var form = Forms.GetValueOrDefault(name) ?? (_tags.ContainsKey(name) ? "" : "value");
        text.Append(name[(PackageOf(name).Length + 1)..]).Append(_kinds.Contains(name) ? " kind" : "")
            .Append(form.Length > 0 ? $" {form}" : "").Append('\n');
        // Of a value that is a message or a scalar the message goes first.
        foreach (var field in _messages[name].OrderBy(f => form == "value" && !f.Type.Contains('.'))
            .ThenBy(f => f.Number))
        {
            var tag = form.Length > 0 ? null : _tags[name].GetValueOrDefault(field.Name);
            var isKept = field.Count.Length == 0 && (tag is null || tag.IsPointer
                || (field.Type.Contains('.') ? !tag.OmitsZero : !tag.OmitsEmpty));
            var type = Raw.Contains(name) ? "json"
                : PackageOf(field.Type) == PackageOf(name) ? field.Type[(PackageOf(name).Length + 1)..] : field.Type;
            text.Append($" {field.Number} ");
            text.Append(tag is null ? field.Name : tag.IsInline ? "-" : tag.Name);
            text.Append($" {field.Count}{type}{(isKept ? "!" : "")}\n");
        }
    }

    private static string Qualified(string type, string package) => type[0] == '.' ? Short(type[1..])
        : char.IsUpper(type[0]) ? $"{package}.{type}" : type;

    /// <summary><c>core.v1.Pod</c> of <c>k8s.io.api.core.v1.Pod</c>: from the word before the version on.</summary>
    private static string Short(string full)
    {
        var words = full.Split('.');
        var type = char.IsUpper(words[^1][0]) ? 1 : 0;
        var version = VersionWord().IsMatch(words[^(1 + type)]) ? 1 : 0;
        return string.Join('.', words[^(1 + type + version)..]);
    }

    private static string PackageOf(string name) => name.Contains('.') ? name[..name.LastIndexOf('.')] : "";

    private sealed record Field(int Number, string Name, string Count, string Type);

    private sealed record Tag(string Name, bool IsInline, bool IsPointer, bool OmitsEmpty, bool OmitsZero);

    [GeneratedRegex(@"^package (\S+);", RegexOptions.Multiline)]
    private static partial Regex PackageLine();

    [GeneratedRegex(@"^message (\w+) \{$.*?^\}$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Message();

    [GeneratedRegex(@"^  (map<string, (?<map>[^>]+)>|(?<count>optional|repeated) (?<type>\S+)) (?<name>\w+) = "
        + @"(?<number>\d+);$", RegexOptions.Multiline)]
    private static partial Regex ProtoField();

    [GeneratedRegex(@"^type (\w+) struct ?(\{\}$|\{$.*?^\}$)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Struct();

    [GeneratedRegex(@"^\t(\w+\s+)?(?<type>\S+)\s+`[^`]*json:""(?<json>[^""]*)""[^`]*"
        + @"protobuf:""[^""]*?(name=(?<proto>\w+)[^""]*)?""", RegexOptions.Multiline)]
    private static partial Regex GoField();

    [GeneratedRegex(@"^v\d\w*$")]
    private static partial Regex VersionWord();
}
