namespace Dataplane.Kubernetes.Tests;

/// <summary>What <c>kubectl get -o yaml</c> prints for an ordinary running pod.</summary>
internal static class KubectlOutput
{
    public const string Pod = """
        apiVersion: v1
        items:
        - apiVersion: v1
          kind: Pod
          metadata:
            annotations:
              kubectl.kubernetes.io/last-applied-configuration: |
                {"apiVersion":"v1","kind":"Pod","metadata":{"annotations":{},"name":"web","namespace":"default"}}
            creationTimestamp: "2025-03-04T10:11:12Z"
            deletionGracePeriodSeconds: 30
            deletionTimestamp: "2025-03-05T10:11:12Z"
            finalizers:
            - example.com/hold
            generateName: web-
            generation: 1
            labels:
              app: web
              pod-template-hash: 5d5f8c6b9
            managedFields:
            - apiVersion: v1
              fieldsType: FieldsV1
              fieldsV1:
                f:metadata:
                  f:labels:
                    .: {}
                    f:app: {}
              manager: kubectl
              operation: Update
              time: "2025-03-04T10:11:12Z"
            name: web-5d5f8c6b9-x2x4z
            namespace: default
            ownerReferences:
            - apiVersion: apps/v1
              blockOwnerDeletion: true
              controller: true
              kind: ReplicaSet
              name: web-5d5f8c6b9
              uid: 7f1f7a2e-0000-4000-8000-000000000001
            resourceVersion: "12345"
            uid: 7f1f7a2e-0000-4000-8000-000000000002
          spec:
            activeDeadlineSeconds: 3600
            affinity: {}
            automountServiceAccountToken: true
            containers:
            - args: ["-c", "sleep 1"]
              command: [sh]
              env:
              - name: A
                value: b
              envFrom: []
              image: nginx
              imagePullPolicy: Always
              lifecycle: {}
              livenessProbe:
                httpGet: {path: /, port: web, scheme: HTTP}
              name: web
              ports:
              - containerPort: 80
                hostIP: 0.0.0.0
                hostPort: 0
                name: web
                protocol: TCP
              readinessProbe: {tcpSocket: {port: 80}, timeoutSeconds: 1, successThreshold: 1}
              resizePolicy: []
              resources: {limits: {cpu: 100m}}
              securityContext: {}
              startupProbe: {exec: {command: [check]}}
              stdin: true
              stdinOnce: true
              terminationMessagePath: /dev/termination-log
              terminationMessagePolicy: File
              tty: true
              volumeDevices: []
              volumeMounts:
              - mountPath: /var/run/secrets/kubernetes.io/serviceaccount
                name: kube-api-access
                readOnly: true
              workingDir: /
            dnsConfig: {}
            dnsPolicy: ClusterFirst
            enableServiceLinks: true
            ephemeralContainers:
            - {name: debug, image: busybox, targetContainerName: web}
            hostAliases: []
            hostIPC: false
            hostPID: false
            hostUsers: true
            hostname: web
            imagePullSecrets: []
            initContainers:
            - {name: init, image: busybox, restartPolicy: Always}
            nodeName: node-1
            nodeSelector: {}
            os: {name: linux}
            overhead: {}
            preemptionPolicy: PreemptLowerPriority
            priority: 0
            priorityClassName: ""
            readinessGates: []
            resourceClaims: []
            restartPolicy: Always
            runtimeClassName: runc
            schedulerName: default-scheduler
            schedulingGates: []
            securityContext: {}
            serviceAccount: default
            serviceAccountName: default
            setHostnameAsFQDN: false
            shareProcessNamespace: false
            subdomain: web
            terminationGracePeriodSeconds: 30
            tolerations:
            - effect: NoExecute
              key: node.kubernetes.io/not-ready
              operator: Exists
              tolerationSeconds: 300
            topologySpreadConstraints: []
            volumes:
            - name: kube-api-access
              projected: {defaultMode: 420}
          status:
            conditions:
            - lastProbeTime: null
              lastTransitionTime: "2025-03-04T10:11:13Z"
              observedGeneration: 1
              status: "True"
              type: Ready
            containerStatuses:
            - containerID: containerd://0123
              ready: true
              restartCount: 0
            ephemeralContainerStatuses: []
            hostIP: 192.168.1.2
            hostIPs:
            - ip: 192.168.1.2
            initContainerStatuses: []
            message: ""
            nominatedNodeName: ""
            observedGeneration: 1
            phase: Running
            podIP: 10.244.1.5
            podIPs:
            - ip: 10.244.1.5
            - ip: fd00:10:244:1::5
            qosClass: Burstable
            reason: ""
            resize: ""
            resourceClaimStatuses: []
            startTime: "2025-03-04T10:11:12Z"
        kind: List
        metadata:
          resourceVersion: ""
        """;
}
