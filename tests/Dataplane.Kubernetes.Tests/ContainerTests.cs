using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Validation;

namespace Dataplane.Kubernetes.Tests;

/// <summary>What runs in a pod: defaults and bounds of core/v1 Container, as the API server has them.</summary>
public sealed class ContainerTests
{
    [Fact]
    public void All_of_a_container_is_read()
    {
        var programs = Given.PodWith("""
            spec:
              restartPolicy: OnFailure
              terminationGracePeriodSeconds: 5
              activeDeadlineSeconds: 600
              securityContext: {runAsUser: 1000, runAsGroup: 2000, fsGroup: 3000, supplementalGroups: [4000]}
              initContainers:
              - {name: first, image: busybox, command: [sh, -c, exit 0]}
              - {name: side, restartPolicy: Always, startupProbe: {exec: {command: [true-program]}}}
              containers:
              - name: web
                image: nginx
                command: [nginx]
                args: [-g, daemon off;]
                workingDir: /srv
                env:
                - {name: PLAIN, value: a}
                - {name: EMPTY}
                - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                - {name: TIER, valueFrom: {fieldRef: {apiVersion: v1, fieldPath: "metadata.labels['app/tier']"}}}
                - {name: IPS, valueFrom: {fieldRef: {fieldPath: status.podIPs}}}
                ports: [{name: http, containerPort: 80}, {containerPort: 53, protocol: UDP}]
                resources: {limits: {memory: 64Mi, cpu: 250m}, requests: {memory: 1e6, cpu: 0.1}}
                securityContext:
                  runAsUser: 33
                  allowPrivilegeEscalation: false
                  capabilities: {add: [NET_ADMIN], drop: [ALL]}
                readinessProbe:
                  httpGet: {path: ready, port: http, httpHeaders: [{name: X-A, value: b}]}
                  initialDelaySeconds: 1
                  periodSeconds: 2
                  timeoutSeconds: 3
                  successThreshold: 4
                  failureThreshold: 5
                livenessProbe: {tcpSocket: {port: 81}, terminationGracePeriodSeconds: 7, periodSeconds: 0}
                lifecycle: {preStop: {exec: {command: [nginx, -s, quit]}}}
            """).Pod().Programs;
        Assert.Equal((RestartPolicy.OnFailure, 5, 600),
            (programs.RestartPolicy, programs.GraceSeconds, programs.DeadlineSeconds));
        Assert.Equal([("first", false), ("side", true)], programs.Init.Select(c => (c.Name, c.IsSidecar)));
        Assert.Equal(["sh", "-c", "exit 0"], programs.Init[0].Command);
        var web = Assert.Single(programs.Containers);
        Assert.Equal(("web", "nginx", "/srv"), (web.Name, web.Image, web.WorkingDirectory));
        Assert.Equal(["nginx", "-g", "daemon off;"], [.. web.Command, .. web.Arguments]);
        Assert.Equal(
            [new("PLAIN", "a"), new("EMPTY", ""), new("NAME", "", PodField.Name),
                new("TIER", "app/tier", PodField.Label), new EnvironmentVariable("IPS", "", PodField.PodAddresses)],
            web.Environment);
        Assert.Equal([new("http", 80, TransportProtocol.Tcp), new DeclaredPort(null, 53, TransportProtocol.Udp)],
            web.Ports);
        Assert.Equal(new ContainerLimits(64 << 20, 250), web.Limits);
        Assert.Equal(ContainerSecurity.Default with
        {
            User = 33,
            Group = 2000,
            Groups = new(4000, 3000),
            MayGain = false,
            Added = new("NET_ADMIN"),
            Dropped = new("ALL"),
        }, web.Security);
        Assert.Equal(
            new ContainerProbe(new ContainerAction.Http(false, null, new ActionPort(80, "http"), "/ready",
                new(new KeyValuePair<string, string>("X-A", "b"))))
            {
                DelaySeconds = 1,
                PeriodSeconds = 2,
                TimeoutSeconds = 3,
                Successes = 4,
                Failures = 5,
            }, web.Readiness);
        Assert.Equal(new ContainerProbe(new ContainerAction.Tcp(null, new ActionPort(81, null))) { GraceSeconds = 7 },
            web.Liveness);
        Assert.Equal(new ContainerAction.Exec(new("nginx", "-s", "quit")), web.PreStop);
    }

    [Fact]
    public void What_is_not_said_has_the_defaults_of_the_API_server()
    {
        var programs = Given.Container("livenessProbe: {httpGet: {port: 80}}").Pod().Programs;
        Assert.Equal((RestartPolicy.Always, 30, null),
            (programs.RestartPolicy, programs.GraceSeconds, programs.DeadlineSeconds));
        var c = Assert.Single(programs.Containers);
        Assert.Equal(new ContainerSpec("c") { Liveness = c.Liveness }, c);
        var probe = c.Liveness!;
        Assert.Equal((0, 10, 1, 1, 3, null), (probe.DelaySeconds, probe.PeriodSeconds, probe.TimeoutSeconds,
            probe.Successes, probe.Failures, probe.GraceSeconds));
        Assert.Equal("/", ((ContainerAction.Http)probe.Action).Path);
    }

    [Fact]
    public void Equal_containers_are_one_object()
    {
        const string Pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: NAME}\nspec:\n  containers:\n"
            + "  - {name: c, command: [a, b], env: [{name: X, value: z}], resources: {limits: {cpu: 1}}}\n---\n";
        const string Set = "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: web}\nspec:\n  replicas: 3\n"
            + "  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n"
            + "    spec: {containers: [{name: c}]}\n";
        var pods = Given.Text(Pod.Replace("NAME", "a", StringComparison.Ordinal)
            + Pod.Replace("NAME", "b", StringComparison.Ordinal) + Set).Errors().Manifests.Pods;
        Assert.Same(pods[0].Programs, pods[1].Programs);
        Assert.Same(pods[2].Programs, pods[4].Programs);
        Assert.NotSame(pods[0].Programs, pods[2].Programs);
    }

    [Theory]
    [InlineData("env: [{name: A=B}]", Codes.InvalidName)]
    [InlineData("env: [{name: ''}]", Codes.InvalidName)]
    [InlineData("env: [{name: 'grün'}]", Codes.InvalidName)]
    [InlineData("env: [{value: a}]", Codes.MissingField)]
    [InlineData("env: [{name: A, value: 1}]", Codes.WrongType)]
    [InlineData("env: [{name: A, valuefrom: {}}]", Codes.UnknownField)]
    [InlineData("env: {A: b}", Codes.WrongType)]
    [InlineData("env: [{name: A, value: b, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]", Codes.NotExactlyOne)]
    [InlineData("env: [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.labels}}}]", Codes.NotOneOf)]
    [InlineData("env: [{name: A, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['a b']\"}}}]", Codes.NotOneOf)]
    [InlineData("command: sleep", Codes.WrongType)]
    [InlineData("command: [1]", Codes.WrongType)]
    [InlineData("args: [[a]]", Codes.WrongType)]
    [InlineData("workingDir: 1", Codes.WrongType)]
    [InlineData("image: ' a'", Codes.InvalidValue)]
    [InlineData("imagePullPolicy: always", Codes.NotOneOf)]
    [InlineData("stdin: 1", Codes.WrongType)]
    [InlineData("restartPolicy: always", Codes.NotOneOf)]
    [InlineData("livenessProbe: {}", Codes.NotExactlyOne)]
    [InlineData("livenessProbe: {exec: {command: [a]}, grpc: {port: 1}}", Codes.NotExactlyOne)]
    [InlineData("livenessProbe: {exec: {command: []}}", Codes.MissingField)]
    [InlineData("livenessProbe: {tcpSocket: {}}", Codes.MissingField)]
    [InlineData("livenessProbe: {grpc: {}}", Codes.MissingField)]
    [InlineData("livenessProbe: {grpc: {port: a}}", Codes.WrongType)]
    [InlineData("livenessProbe: {tcpSocket: {port: 65536}}", Codes.InvalidPort)]
    [InlineData("livenessProbe: {tcpSocket: {port: '80'}}", Codes.InvalidPort)]
    [InlineData("livenessProbe: {httpGet: {port: 80, scheme: http}}", Codes.NotOneOf)]
    [InlineData("livenessProbe: {httpGet: {port: 80, httpHeaders: [{name: 'a b'}]}}", Codes.InvalidName)]
    [InlineData("livenessProbe: {tcpSocket: {port: 80}, periodSeconds: -1}", Codes.InvalidValue)]
    [InlineData("livenessProbe: {tcpSocket: {port: 80}, timeoutSeconds: 2147483648}", Codes.InvalidValue)]
    [InlineData("livenessProbe: {tcpSocket: {port: 80}, successThreshold: 2}", Codes.InvalidValue)]
    [InlineData("startupProbe: {tcpSocket: {port: 80}, successThreshold: 2}", Codes.InvalidValue)]
    [InlineData("livenessProbe: {tcpSocket: {port: 80}, terminationGracePeriodSeconds: 0}", Codes.InvalidValue)]
    [InlineData("readinessProbe: {tcpSocket: {port: 80}, terminationGracePeriodSeconds: 1}", Codes.InvalidValue)]
    [InlineData("lifecycle: {preStop: {sleep: {seconds: -1}}}", Codes.InvalidValue)]
    [InlineData("lifecycle: {preStop: {}}", Codes.NotExactlyOne)]
    [InlineData("lifecycle: {prestop: {}}", Codes.UnknownField)]
    [InlineData("securityContext: {runAsUser: 2147483648}", Codes.InvalidValue)]
    [InlineData("securityContext: {runAsGroup: -1}", Codes.InvalidValue)]
    [InlineData("securityContext: {runAsUser: root}", Codes.WrongType)]
    [InlineData("securityContext: {fsGroup: 1}", Codes.UnknownField)]
    [InlineData("securityContext: {privileged: true, allowPrivilegeEscalation: false}", Codes.InvalidValue)]
    [InlineData("securityContext: {capabilities: {add: [SYS_ADMIN]}, allowPrivilegeEscalation: false}",
        Codes.InvalidValue)]
    [InlineData("resources: {limits: {memory: 1 Gi}}", Codes.InvalidValue)]
    [InlineData("resources: {limits: {memory: -1}}", Codes.InvalidValue)]
    [InlineData("resources: {limits: {memory: [1]}}", Codes.WrongType)]
    [InlineData("resources: {limits: {cpu: 1}, requests: {cpu: 1001m}}", Codes.InvalidValue)]
    public void Faults_of_containers(string lines, string code) => Given.Container(lines).Only(code);

    [Theory]
    [InlineData("restartPolicy: always", Codes.NotOneOf)]
    [InlineData("terminationGracePeriodSeconds: -1", Codes.InvalidValue)]
    [InlineData("activeDeadlineSeconds: 0", Codes.InvalidValue)]
    [InlineData("securityContext: {runAsUser: -1}", Codes.InvalidValue)]
    [InlineData("securityContext: {supplementalGroups: [-1]}", Codes.InvalidValue)]
    [InlineData("securityContext: {privileged: true}", Codes.UnknownField)]
    [InlineData("initContainers: [{name: i, livenessProbe: {tcpSocket: {port: 80}}}]", Codes.InvalidValue)]
    [InlineData("initContainers: [{name: i, lifecycle: {preStop: {sleep: {seconds: 1}}}}]", Codes.InvalidValue)]
    public void Faults_of_pods(string field, string code) =>
        Given.PodWith($"spec:\n  containers: [{{name: c}}]\n  {field}\n").Only(code);

    [Theory]
    [InlineData("envFrom: [{secretRef: {name: a}}]", "envFrom")]
    [InlineData("env: [{name: A, valueFrom: {secretKeyRef: {name: a, key: b}}}]", "env[].valueFrom.secretKeyRef")]
    [InlineData("env: [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.uid}}}]", "fieldRef metadata.uid")]
    [InlineData("livenessProbe: {grpc: {port: 80}}", "livenessProbe.grpc")]
    [InlineData("lifecycle: {postStart: {exec: {command: [a]}}}", "lifecycle.postStart")]
    [InlineData("restartPolicy: Never", "restartPolicy Never of a container")]
    public void What_is_not_done_is_a_note(string lines, string what)
    {
        var note = Given.Container(lines).Only(Codes.NotRun);
        Assert.Equal(Severity.Note, note.Severity);
        Assert.EndsWith(": " + what, note.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ReplicaSet", "restartPolicy: Never", Codes.NotOneOf)]
    [InlineData("ReplicaSet", "activeDeadlineSeconds: 5", Codes.InvalidValue)]
    [InlineData("ReplicaSet", "restartPolicy: never", Codes.NotOneOf)]
    [InlineData("Job", "restartPolicy: Always", Codes.NotOneOf)]
    public void Pods_of_a_Job_end_and_others_stay(string kind, string field, string code)
    {
        var isJob = kind == "Job";
        Given.Text($"apiVersion: {(isJob ? "batch/v1" : "apps/v1")}\nkind: {kind}\nmetadata: {{name: w}}\nspec:\n"
            + (isJob ? "" : "  selector: {matchLabels: {app: w}}\n")
            + "  template:\n    metadata: {labels: {app: w}}\n    spec:\n      containers: [{name: c}]\n"
            + $"      {field}\n").Errors().Only(code);
    }

    [Fact]
    public void Pods_of_a_Job_are_started_again_after_failures_alone() => Assert.Equal(RestartPolicy.OnFailure,
        Assert.Single(Given.Text("apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\n"
            + "spec: {template: {spec: {containers: [{name: c}]}}}\n").Errors().Clean().Pods).Programs.RestartPolicy);

    [Theory]
    [InlineData("1", 1)]
    [InlineData("0.5", 0.5)]
    [InlineData("+.5", 0.5)]
    [InlineData("250m", 0.25)]
    [InlineData("1k", 1000)]
    [InlineData("1Ki", 1024)]
    [InlineData("1.5Gi", 1610612736)]
    [InlineData("1e3", 1000)]
    [InlineData("1E-3", 0.001)]
    [InlineData("2E", 2e18)]
    public void Amounts(string text, double amount)
    {
        Assert.Null(Quantities.Parse(text, out var read));
        Assert.Equal((decimal)amount, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("1K")]
    [InlineData("1 Gi")]
    [InlineData("1Mb")]
    [InlineData("1e")]
    [InlineData("1.2.3")]
    [InlineData("10Ei")]
    [InlineData("1e99")]
    [InlineData("99999999999999999999999999999999")]
    public void Texts_that_are_no_amounts(string text) => Assert.NotNull(Quantities.Parse(text, out _));
}
