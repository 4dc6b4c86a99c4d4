using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Kubernetes.Tests;

/// <summary>A repository's root: what is no manifest is named in one line, and the rest is read.</summary>
public sealed class RepositoryTests : IDisposable
{
    private const string Foreign = "K042";

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_directory[name])!);
        return _directory.Write(name, text);
    }

    private const string Policy =
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}}\n";

    private LoadResult Load() => ManifestLoader.Load([_directory.Path]);

    /// <summary>The line about each file that is not read, by its path below the directory.</summary>
    private Dictionary<string, string> Lines(LoadResult loaded) => loaded.Diagnostics.Where(d => d.Code == Foreign)
        .ToDictionary(d => Path.GetRelativePath(_directory.Path, d.Position.File),
            d => d.Message.Replace(_directory.Path + "/", "", StringComparison.Ordinal));

    [Fact]
    public void The_root_of_a_repository_is_read()
    {
        var root = SourceTree.Full("tests/Dataplane.Kubernetes.Tests/Faults/gitops");
        var loaded = ManifestLoader.Load([root]);
        Assert.False(loaded.HasErrors, loaded.Report());
        Assert.Equal(["default/web-0"], loaded.Manifests.Pods.Select(p => p.FullName));
        Assert.Equal(["default/web"], loaded.Manifests.NetworkPolicies.Select(p => p.FullName));
        var lines = loaded.Diagnostics.Where(d => d.Code == Foreign)
            .ToDictionary(d => Path.GetRelativePath(root, d.Position.File), d => d.Message);
        Assert.Equal(["base/kustomization.yaml", "overlays/prod/json-patch.yaml", "overlays/prod/kustomization.yaml",
            "overlays/prod/replicas.yaml", "values.yaml"], lines.Keys.Order(StringComparer.Ordinal));
        Assert.Equal($"a kustomization, not read: `kustomize build {root}/base | dataplane validate -`",
            lines["base/kustomization.yaml"]);
        Assert.All(loaded.Diagnostics.Where(d => d.Code == Foreign), d => Assert.Equal(Severity.Note, d.Severity));
    }

    [Fact]
    public void Directories_with_a_dot_and_node_modules_are_passed_over()
    {
        Write("a.yaml", Policy);
        Write(".github/workflows/ci.yaml", "on: push\njobs: {}\n");
        Write(".git/x.yaml", "{{");
        Write("web/node_modules/x/package.json", "{}");
        Assert.Empty(Load().Diagnostics);
    }

    [Fact]
    public void A_directory_with_a_dot_that_is_named_is_read()
    {
        Write(".hidden/a.yaml", Policy);
        ManifestLoader.Load([_directory[".hidden"]]).Clean();
    }

    [Theory]
    [InlineData("values.yaml", "replicaCount: 1\n", "values for a Helm chart")]
    [InlineData("values-prod.yaml", "kind: DaemonSet\nreplicas: 1\n", "values for a Helm chart")]
    [InlineData("docker-compose.yml", "version: \"3\"\nservices: {web: {image: x}}\n", "a Compose file")]
    [InlineData("stack.yml", "services: {web: {image: x}}\nvolumes: {}\n", "a Compose file")]
    [InlineData("package.json", "{\"name\": \"x\", \"version\": \"1\"}", "an npm package")]
    [InlineData("tsconfig.json", "// for the build\n{\"compilerOptions\": {},}", "a TypeScript configuration")]
    [InlineData("openapi.yaml", "openapi: 3.0.0\ninfo: {title: x}\npaths: {}\n", "an OpenAPI document")]
    [InlineData("api.json", "{\"swagger\": \"2.0\", \"paths\": {}}", "an OpenAPI document")]
    [InlineData("schema.json", "{\"$schema\": \"http://json-schema.org/draft-07/schema#\"}", "a JSON schema")]
    [InlineData(".gitlab-ci.yml", "stages: [build]\nbuild: {script: [make]}\n", "a CI pipeline")]
    [InlineData("azure-pipelines.yml", "trigger: [main]\npool: {vmImage: x}\nsteps: []\n", "a CI pipeline")]
    [InlineData("site.yml", "- hosts: all\n  tasks: [{name: x, shell: y}]\n", "an Ansible playbook")]
    [InlineData("roles/x/tasks/main.yml", "- name: install\n  apt: {name: \"{{ x }}\"}\n", "Ansible tasks")]
    [InlineData("patch.yaml", "- {op: replace, path: /spec/replicas, value: 5}\n", "a JSON patch")]
    [InlineData("mkdocs.yml", "site_name: x\nextra: !!python/name:x.y z\n", "not a Kubernetes object")]
    [InlineData("stack.yaml", "AWSTemplateFormatVersion: 2010-09-09\nA: !Ref B\n", "a CloudFormation template")]
    [InlineData("rules.yaml", "groups: [{name: x, rules: []}]\n", "rules for Prometheus")]
    [InlineData("helmfile.yaml", "releases: [{name: x, chart: y}]\n", "a helmfile")]
    [InlineData("data.yaml", "a: 1\nb: [2]\n", "not a Kubernetes object")]
    [InlineData("words.yaml", "just words\n", "not a Kubernetes object")]
    [InlineData("broken.yaml", "a: [1\nb\n", "not a Kubernetes object")]
    [InlineData("dashboard.json", "{\"panels\": [], \"title\": \"x\", \"schemaVersion\": 1}", "a Grafana dashboard")]
    public void Files_that_are_plainly_no_objects_get_one_line(string name, string text, string what)
    {
        Write("z.yaml", Policy);
        Write(name, text);
        var loaded = Load();
        Assert.Single(loaded.Manifests.NetworkPolicies);
        var only = Assert.Single(loaded.Diagnostics);
        Assert.Equal((Foreign, Severity.Note, name),
            (only.Code, only.Severity, Path.GetRelativePath(_directory.Path, only.Position.File)));
        Assert.StartsWith(what, only.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_is_one_line_with_its_values_and_templates()
    {
        Write("a.yaml", Policy);
        Write("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: \"1\"\n");
        Write("web/values.yaml", "a: 1\n");
        Write("web/templates/deploy.yaml", "{{- if .Values.x }}\napiVersion: apps/v1\nkind: Deployment\n{{- end }}\n");
        Write("web/templates/svc.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: \"{{ .Release.Name }}\"}\n");
        Write("web/crds/ns.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: extra}\n");
        var loaded = Load();
        Assert.False(loaded.HasErrors, loaded.Report());
        Assert.Contains(loaded.Manifests.Namespaces, n => n.Name == "extra");
        Assert.Equal("a Helm chart with 2 templates, not read: `helm template web | dataplane validate -`",
            Assert.Single(Lines(loaded)).Value);
    }

    [Fact]
    public void A_template_outside_a_chart_is_one_line()
    {
        Write("a.yaml", Policy);
        Write("t.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ name }}\n");
        Write("u.yaml", Policy.Replace("name: a", "name: \"{{ name }}\"", StringComparison.Ordinal));
        Assert.All(Lines(Load()).Values, line => Assert.StartsWith("a template that is not filled in", line));
        Assert.Equal(2, Lines(Load()).Count);
    }

    [Fact]
    public void A_slip_elsewhere_in_such_a_file_stays_an_error()
    {
        Write("t.yaml", Policy.Replace("podSelector", "podSelektor", StringComparison.Ordinal) + "# {{ x }}\n");
        Assert.True(Load().HasErrors);
    }

    [Theory]
    [InlineData("patches: [{path: p.yaml}]")]
    [InlineData("patchesStrategicMerge: [p.yaml]")]
    [InlineData("patchesJson6902: [{target: {kind: Deployment, name: web, version: v1}, path: ./p.yaml}]")]
    [InlineData("configMapGenerator: [{name: x, files: [key=p.yaml]}]")]
    public void What_a_kustomization_patches_with_is_no_object(string lines)
    {
        Write("k/ok.yaml", Policy);
        Write("k/kustomization.yml", $"resources: [ok.yaml]\n{lines}\n");
        Write("k/p.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 3}\n");
        var loaded = Load();
        Assert.False(loaded.HasErrors, loaded.Report());
        Assert.Contains("kustomize build k", Lines(loaded)["k/p.yaml"]);
    }

    [Theory]
    [InlineData("kustomization.yaml", "resources: [a.yaml]\n", "a kustomization")]
    [InlineData("x.yaml", "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n", "a kustomization")]
    [InlineData("x.yaml", "- {op: replace, path: /spec/replicas, value: 5}\n", "a JSON patch")]
    public void Named_itself_such_a_file_is_an_error_with_the_remedy(string name, string text, string what)
    {
        Write("k/kustomization.yaml", "resources: [a.yaml]\n");
        var file = Write($"k/{name}", text);
        var error = ManifestLoader.Load([file]).Only(Foreign);
        Assert.Equal(Severity.Error, error.Severity);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        var command = $"`kustomize build {_directory["k"]} | dataplane validate -`";
        Assert.Contains(command, error.Help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("apiVersion: v1\nmetadata: {name: a}\nspec: {}\n")]
    [InlineData("kind: Pod\n")]
    [InlineData("metadata: {name: a}\nspec: {podSelector: {}}\n")]
    [InlineData("apiversion: v1\nKind: Pod\n")]
    [InlineData("apiVersion: v1\nkind: Pod\nmetadata: [\n")]
    [InlineData("- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n")]
    public void What_could_be_an_object_stays_an_error(string text)
    {
        Write("a.yaml", Policy.Replace("name: a", "name: z", StringComparison.Ordinal));
        Write("b.yaml", text);
        Assert.True(Load().HasErrors);
    }

    [Fact]
    public void A_directory_of_nothing_but_such_files_is_an_error()
    {
        Write("values.yaml", "a: 1\n");
        var loaded = Load();
        Assert.Equal([Codes.NoObjects], loaded.Errors().Diagnostics.Select(d => d.Code));
        Assert.Single(Lines(loaded));
    }

    [Fact]
    public void Objects_of_two_overlays_are_told_apart_by_leaving_one_out()
    {
        Write("dev/a.yaml", Policy);
        Write("prod/a.yaml", Policy);
        Assert.Contains("--exclude", Load().Only(Codes.DuplicateObject).Help, StringComparison.Ordinal);
        ManifestLoader.Load([_directory.Path], options: new LoadOptions { Exclude = ["dev"] }).Clean();
    }

    [Fact]
    public void What_is_not_read_is_no_source()
    {
        Write("a.yaml", Policy);
        Write("values.yaml", "a: 1\n");
        Write("empty.yaml", "");
        Assert.Equal([_directory["a.yaml"]], Load().Sources.Keys);
    }
}
