using static Dataplane.Kubernetes.Kinds.ForeignRole;

namespace Dataplane.Kubernetes.Kinds;

/// <summary>The rows of <see cref="ForeignKinds"/>: groups, role, kinds.</summary>
internal static class ForeignKindTable
{
    /// <summary>
    /// All kinds of a group that have no row of their own; where the role is harmless, without those whose names speak
    /// of policies or firewalls, unless the group itself does.
    /// </summary>
    public const string Any = "*";

    /// <summary>The core group, which has no name.</summary>
    public const string Core = "core";

    public static readonly (string Groups, ForeignRole Role, string Kinds)[] Rows =
    [
        // Kubernetes itself. A group that is not here is harmless too, unless its words say otherwise.
        ("policy extensions", Harmless, "PodDisruptionBudget PodSecurityPolicy Eviction"),
        ("imagepolicy.k8s.io", Harmless, Any),
        ("admissionregistration.k8s.io", Harmless, "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding "
            + "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding"),
        ("gateway.networking.k8s.io", Pods, "Gateway"),
        ("gateway.networking.k8s.io", Harmless, "BackendTLSPolicy BackendLBPolicy"),
        ("gateway.networking.x-k8s.io", Harmless, Any),

        // Network plugins: what is not listed as harmless decides traffic.
        ("cilium.io", Harmless, "CiliumEndpoint CiliumEndpointSlice CiliumIdentity CiliumNode CiliumNodeConfig "
            + "CiliumLoadBalancerIPPool CiliumL2AnnouncementPolicy CiliumBGPPeeringPolicy CiliumBGPClusterConfig "
            + "CiliumBGPPeerConfig CiliumBGPAdvertisement CiliumBGPNodeConfig CiliumBGPNodeConfigOverride "
            + "CiliumPodIPPool CiliumGatewayClassConfig CiliumExternalWorkload"),
        ("projectcalico.org crd.projectcalico.org", Harmless, "BGPConfiguration BGPFilter BGPPeer BlockAffinity "
            + "CalicoNodeStatus ClusterInformation FelixConfiguration IPAMBlock IPAMConfig IPAMConfiguration "
            + "IPAMHandle IPPool IPReservation KubeControllersConfiguration Node Tier WorkloadEndpoint"),
        ("crd.antrea.io", Harmless, "AntreaAgentInfo AntreaControllerInfo AntreaNodeConfig BGPPolicy Egress "
            + "ExternalIPPool ExternalNode IPPool NodeLatencyMonitor PacketCapture SupportBundleCollection Tier "
            + "Traceflow"),
        ("kubeovn.io", Harmless, "IP IPPool Vip Vlan ProviderNetwork IptablesEIP IptablesFIPRule IptablesDnatRule "
            + "IptablesSnatRule OvnEip OvnFip OvnDnatRule OvnSnatRule SwitchLBRule QoSPolicy"),
        ("k8s.ovn.org", Harmless, "EgressIP EgressQoS EgressService NetworkQoS RouteAdvertisements"),
        ("network.openshift.io", Harmless, "HostSubnet ClusterNetwork"),
        ("vpcresources.k8s.aws", Harmless, "CNINode"),
        ("sriovnetwork.openshift.io", Harmless, "SriovNetworkNodePolicy SriovNetworkNodeState "
            + "SriovNetworkPoolConfig SriovOperatorConfig"),
        ("nmstate.io", Harmless, "NodeNetworkConfigurationPolicy"),
        ("nmstate.io metallb.io", Harmless, Any),
        ("cilium.io projectcalico.org crd.projectcalico.org crd.antrea.io kubeovn.io k8s.ovn.org networking.k8s.aws",
            Traffic, Any),
        ("network.openshift.io vpcresources.k8s.aws sriovnetwork.openshift.io k8s.cni.cncf.io", Traffic, Any),
        ("networking.gke.io", Traffic, "Network GKENetworkParamSet"),
        ("networking.gke.io cloud.google.com", Harmless, Any),

        // Service meshes, and tools that disturb traffic.
        ("security.istio.io extensions.istio.io policy.linkerd.io policy.openservicemesh.io", Traffic, Any),
        ("networking.istio.io", Traffic, "Sidecar EnvoyFilter"),
        ("networking.istio.io linkerd.io multicluster.linkerd.io telemetry.istio.io", Harmless, Any),
        ("kuma.io", Traffic, "Mesh MeshTrafficPermission TrafficPermission"),
        ("consul.hashicorp.com", Traffic, "ServiceIntentions"),
        ("access.smi-spec.io", Traffic, Any),
        ("kuma.io consul.hashicorp.com specs.smi-spec.io split.smi-spec.io", Harmless, Any),
        ("chaos-mesh.org", Traffic, "NetworkChaos PodNetworkChaos HTTPChaos DNSChaos Schedule Workflow"),
        ("chaos-mesh.org", Harmless, Any),

        // Policies about something else than traffic.
        ("kyverno.io", Harmless, "ClusterPolicy Policy CleanupPolicy ClusterCleanupPolicy PolicyException"),
        ("kyverno.io wgpolicyk8s.io openreports.io policy.cert-manager.io policy.karmada.io work.karmada.io",
            Harmless, Any),
        ("policies.kyverno.io", Installs, "GeneratingPolicy NamespacedGeneratingPolicy"),
        ("policies.kubewarden.io", Pods, "PolicyServer"),
        ("policies.kyverno.io policies.kubewarden.io image.toolkit.fluxcd.io", Harmless, Any),
        ("image.toolkit.fluxcd.io", Harmless, "ImagePolicy"),
        ("scheduling.alibabacloud.com", Harmless, "ResourcePolicy"),
        ("config.openshift.io operator.openshift.io", Harmless,
            "ImagePolicy ClusterImagePolicy ImageContentPolicy ImageContentSourcePolicy"),
        ("policy.open-cluster-management.io", Installs, "OperatorPolicy"),
        ("policy.open-cluster-management.io", Harmless, Any),
        ("compute.cnrm.cloud.google.com", Harmless, "ComputeResourcePolicy ComputeResourcePolicyAttachment"),
        ("stackconfigpolicy.k8s.elastic.co", Harmless, "StackConfigPolicy"),
        ("nvidia.com", Pods, "ClusterPolicy"),
        ("configuration.konghq.com", Harmless, "KongUpstreamPolicy"),
        ("gateway.envoyproxy.io", Harmless, "EnvoyProxy Backend HTTPRouteFilter"),
        ("rabbitmq.com", Harmless, "Policy OperatorPolicy"),
        ("monitoring.cnrm.cloud.google.com", Harmless, "MonitoringAlertPolicy"),

        // Pods from a template.
        ("core apps.openshift.io", Template, "DeploymentConfig"),
        ("argoproj.io", Template, "Rollout"),
        ("apps.kruise.io", Template, "CloneSet StatefulSet DaemonSet"),

        // Pods that no manifest describes.
        ("argoproj.io", Pods, "Workflow CronWorkflow EventSource Sensor EventBus AnalysisRun Experiment"),
        ("apps.kruise.io", Pods, "UnitedDeployment BroadcastJob AdvancedCronJob"),
        ("core build.openshift.io", Pods, "Build"),
        ("kubevirt.io", Pods, "VirtualMachine VirtualMachineInstance VirtualMachineInstanceReplicaSet"),
        ("pool.kubevirt.io cdi.kubevirt.io", Pods, Any),
        ("monitoring.coreos.com", Pods, "Prometheus PrometheusAgent Alertmanager ThanosRuler"),
        ("kafka.strimzi.io", Harmless, "KafkaTopic KafkaUser KafkaConnector KafkaRebalance"),
        ("kafka.strimzi.io postgres-operator.crunchydata.com acid.zalan.do ray.io sparkoperator.k8s.io", Pods, Any),
        ("postgresql.cnpg.io", Pods, "Cluster Pooler"),
        ("postgresql.cnpg.io", Harmless, Any),
        ("rabbitmq.com", Pods, "RabbitmqCluster"),
        ("serving.knative.dev", Pods, "Service Configuration Revision"),
        ("serving.knative.dev", Harmless, "Route DomainMapping"),
        ("tekton.dev", Pods, "TaskRun PipelineRun CustomRun Run"),
        ("tekton.dev", Harmless, Any),
        ("triggers.tekton.dev", Pods, "EventListener"),
        ("keda.sh", Pods, "ScaledJob"),
        ("grafana.integreatly.org", Pods, "Grafana"),
        ("opentelemetry.io", Pods, "OpenTelemetryCollector OpAMPBridge TargetAllocator"),
        ("opentelemetry.io", Harmless, "Instrumentation"),
        ("leaderworkerset.x-k8s.io jobset.x-k8s.io agones.dev batch.volcano.sh kubeflow.org serving.kserve.io "
            + "minio.min.io mongodb.com mongodbcommunity.mongodb.com mysql.oracle.com jaegertracing.io "
            + "camel.apache.org redis.redis.opstreelabs.in scylla.scylladb.com cassandra.datastax.com "
            + "operator.tigera.io", Pods, Any),
        ("operators.coreos.com", Pods, "ClusterServiceVersion CatalogSource"),

        // Objects from elsewhere.
        ("argoproj.io", Installs, "Application ApplicationSet"),
        ("kustomize.toolkit.fluxcd.io", Installs, "Kustomization"),
        ("helm.toolkit.fluxcd.io helm.fluxcd.io", Installs, "HelmRelease"),
        ("helm.cattle.io", Installs, "HelmChart"),
        ("fleet.cattle.io", Installs, "GitRepo Bundle HelmOp"),
        ("kappctrl.k14s.io", Installs, "App"),
        ("packaging.carvel.dev", Installs, "PackageInstall"),
        ("operators.coreos.com", Installs, "Subscription InstallPlan"),
        ("helm.crossplane.io", Installs, "Release"),
        ("pkg.crossplane.io", Installs, Any),
        ("addons.cluster.x-k8s.io", Installs, "HelmChartProxy HelmReleaseProxy ClusterResourceSet"),

        // Neither pods nor traffic.
        ("argoproj.io monitoring.coreos.com operators.coreos.com keda.sh triggers.tekton.dev rabbitmq.com "
            + "grafana.integreatly.org eventing.knative.dev build.openshift.io", Harmless, Any),
        ("cert-manager.io acme.cert-manager.io trust.cert-manager.io external-secrets.io "
            + "generators.external-secrets.io bitnami.com", Harmless, Any),
        ("source.toolkit.fluxcd.io notification.toolkit.fluxcd.io velero.io longhorn.io snapshot.storage.k8s.io",
            Harmless, Any),
        ("constraints.gatekeeper.sh templates.gatekeeper.sh config.gatekeeper.sh mutations.gatekeeper.sh",
            Harmless, Any),
        ("traefik.io traefik.containo.us configuration.konghq.com projectcontour.io", Harmless, Any),
        ("k8s.nginx.org", Harmless, "VirtualServer VirtualServerRoute TransportServer GlobalConfiguration"),
        ("work.open-cluster-management.io cluster.open-cluster-management.io kueue.x-k8s.io cluster.x-k8s.io",
            Harmless, Any),
        ("template.openshift.io route.openshift.io image.openshift.io project.openshift.io user.openshift.io "
            + "oauth.openshift.io security.openshift.io console.openshift.io config.openshift.io "
            + "operator.openshift.io machine.openshift.io machineconfiguration.openshift.io quota.openshift.io "
            + "authorization.openshift.io hive.openshift.io", Harmless, Any),

        // Configuration files that look like objects.
        ("core", Configuration, "Config"),
        ("kubelet.config.k8s.io kubeproxy.config.k8s.io kubescheduler.config.k8s.io apiserver.config.k8s.io "
            + "kubeadm.k8s.io client.authentication.k8s.io apiserver.k8s.io kops.k8s.io", Configuration, Any),
        ("audit.k8s.io", Configuration, "Policy"),
        ("skaffold kind.x-k8s.io k3d.io backstage.io ctlptl.dev eksctl.io kuttl.dev cli.kyverno.io tilt.dev "
            + "chainsaw.kyverno.io krew.googlecontainertools.github.com", Configuration, Any),
    ];

    /// <summary>Groups that are known by their endings.</summary>
    public static readonly (string Ending, ForeignRole Role)[] Endings =
    [
        (".k8s.elastic.co", Pods),
        (".percona.com", Pods),
        (".crossplane.io", Harmless),
        (".upbound.io", Harmless),
        (".services.k8s.aws", Harmless),
        (".cnrm.cloud.google.com", Harmless),
        (".azure.com", Harmless),
        (".openshift.io", Harmless),
    ];
}
