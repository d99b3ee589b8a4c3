#!/usr/bin/env python3
"""Checks what is deployed by: check.py FOLDER-OF-RENDERED-YAML SETTINGS-FILE.

Every document against the schemas that Kubernetes itself publishes (from the package
kubernetes-validate, strict: a field that is not there is refused); custom resources, which have no
such schema, only by what is checked here. Then what no schema can say: the restricted profile of pod
security, selectors that select, ports and volumes that are there, settings that Billhook knows. At
the end the checks are proved by faults that they must find. Called by deploy/check.
"""

import copy
import pathlib
import re
import sys

import kubernetes_validate
import yaml

VERSIONS = ["1.30", "1.37"]
CUSTOM = {"ServiceMonitor"}


def pods(documents):
    """Yields the pod template of each workload, with its name."""
    for document in documents:
        if document["kind"] in ("Deployment", "Job"):
            yield f"{document['kind']}/{document['metadata']['name']}", document["spec"]["template"]


def of_schema(documents):
    for document in documents:
        name = f"{document['kind']}/{document['metadata']['name']}"
        if document["kind"] in CUSTOM:
            continue
        for version in VERSIONS:
            try:
                kubernetes_validate.validate(document, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                yield f"{name}: {version}: {error.message}"


def of_restriction(documents):
    """The restricted profile of the pod security standards, and a root that cannot be written."""
    for name, template in pods(documents):
        spec = template["spec"]
        context = spec.get("securityContext", {})
        if context.get("runAsNonRoot") is not True or not context.get("runAsUser"):
            yield f"{name}: may run as root"
        if context.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{name}: has no seccomp profile"
        if spec.get("automountServiceAccountToken") is not False:
            yield f"{name}: gets a token of the cluster"
        if any(spec.get(word) for word in ("hostNetwork", "hostPID", "hostIPC")):
            yield f"{name}: shares something with its host"
        for volume in spec.get("volumes", []):
            if not set(volume) - {"name"} <= {"emptyDir", "secret", "configMap", "projected"}:
                yield f"{name}: volume {volume['name']} is of a kind that is not allowed"
        for container in spec["containers"] + spec.get("initContainers", []):
            own = container.get("securityContext", {})
            if own.get("allowPrivilegeEscalation") is not False or own.get("privileged"):
                yield f"{name}: may get more rights"
            if own.get("capabilities", {}) != {"drop": ["ALL"]}:
                yield f"{name}: keeps capabilities"
            if own.get("readOnlyRootFilesystem") is not True:
                yield f"{name}: may write to its root"
            if not container.get("resources", {}).get("limits", {}).get("memory"):
                yield f"{name}: has no limit of memory"
            if re.search(r":(latest)?$", container["image"]) or ":" not in container["image"]:
                yield f"{name}: the version of its image is open"


def of_references(documents):
    """Names that must lead somewhere."""
    found = {(d["kind"], d["metadata"]["name"]): d for d in documents}
    templates = [(name, template) for name, template in pods(documents)]
    labels = [template["metadata"]["labels"] for _, template in templates]

    def selects(selector):
        return any(selector.items() <= each.items() for each in labels)

    for (kind, name), document in found.items():
        spec = document.get("spec", {})
        selector = spec.get("podSelector", spec.get("selector", {}))
        if kind != "ServiceMonitor":
            selector = selector.get("matchLabels", selector)
            if selector and not selects(selector):
                yield f"{kind}/{name}: selects no pod"
        if kind == "HorizontalPodAutoscaler":
            target = spec["scaleTargetRef"]
            if (target["kind"], target["name"]) not in found:
                yield f"{kind}/{name}: scales nothing"
        if kind == "Ingress":
            for path in (path for rule in spec["rules"] for path in rule["http"]["paths"]):
                service = path["backend"]["service"]
                ports = found.get(("Service", service["name"]), {"spec": {"ports": []}})["spec"]["ports"]
                if service["port"].get("name") not in [port["name"] for port in ports]:
                    yield f"{kind}/{name}: leads to no port of a service"
        if kind == "ServiceMonitor":
            wanted = spec["selector"]["matchLabels"].items()
            services = [d for d in documents if d["kind"] == "Service" and wanted <= d["metadata"]["labels"].items()]
            ports = {port["name"] for service in services for port in service["spec"]["ports"]}
            if len(services) < 2 or not {end["port"] for end in spec["endpoints"]} <= ports:
                yield f"{kind}/{name}: scrapes no service"
    for name, template in templates:
        spec = template["spec"]
        volumes = {volume["name"] for volume in spec.get("volumes", [])}
        for container in spec["containers"]:
            ports = {port["name"] for port in container.get("ports", [])}
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                port = container.get(probe, {}).get("httpGet", {}).get("port")
                if (port is None) == bool(ports) or (port is not None and port not in ports):
                    yield f"{name}: {probe} asks no port"
            if not {mount["name"] for mount in container["volumeMounts"]} <= volumes:
                yield f"{name}: mounts a volume that is not there"
            for source in container.get("envFrom", []):
                if ("ConfigMap", source["configMapRef"]["name"]) not in found:
                    yield f"{name}: takes settings from nowhere"
    if not any(k == "Job" for k, _ in found):
        yield "no job brings the database up to date"


def of_settings(documents, known):
    """A setting that Billhook does not know is a mistake in writing."""
    for name, template in pods(documents):
        for container in template["spec"]["containers"]:
            for variable in container.get("env", []):
                word = variable["name"]
                if word not in known and word.removesuffix("_FILE") not in known:
                    yield f"{name}: no setting is called {word}"
    for document in documents:
        if document["kind"] == "ConfigMap" and document["metadata"]["name"] == "billhook-settings":
            for word in document["data"]:
                if word not in known:
                    yield f"ConfigMap/{document['metadata']['name']}: no setting is called {word}"


def check(documents, known):
    for rule in (of_schema, of_restriction, of_references):
        yield from rule(documents)
    yield from of_settings(documents, known)


def first(documents, kind):
    return next(document for document in documents if document["kind"] == kind)


def container(documents):
    return first(documents, "Deployment")["spec"]["template"]["spec"]["containers"][0]


FAULTS = {
    "a field that is not there": lambda d: first(d, "Deployment")["spec"].update(replica=3),
    "a value of the wrong kind": lambda d: first(d, "Service")["spec"]["ports"][0].update(port="http"),
    "a root that can be written": lambda d: container(d)["securityContext"].pop("readOnlyRootFilesystem"),
    "a pod that may be root": lambda d: first(d, "Job")["spec"]["template"]["spec"]["securityContext"].pop("runAsNonRoot"),
    "a folder of the host": lambda d: first(d, "Deployment")["spec"]["template"]["spec"]["volumes"].append({"name": "host", "hostPath": {"path": "/"}}),
    "a probe of no port": lambda d: container(d)["livenessProbe"]["httpGet"].update(port="nowhere"),
    "a selector of nobody": lambda d: first(d, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"].update(x="y"),
    "a setting that nobody knows": lambda d: container(d)["env"].append({"name": "BILHOOK_ROLE", "value": "web"}),
    "an image without a version": lambda d: container(d).update(image="billhook"),
}


def main():
    folder, settings = map(pathlib.Path, sys.argv[1:3])
    known = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", settings.read_text(), re.M))
    failed = False
    for path in sorted(folder.glob("*.yaml")):
        documents = [document for document in yaml.safe_load_all(path.read_text()) if document]
        findings = list(check(documents, known))
        failed |= bool(findings)
        for finding in findings:
            print(f"{path.stem}: {finding}")
        for fault, spoil in FAULTS.items():
            spoilt = copy.deepcopy(documents)
            spoil(spoilt)
            if len(list(check(spoilt, known))) <= len(findings):
                print(f"{path.stem}: the checks do not find {fault}")
                failed = True
        print(f"{path.stem}: {len(documents)} documents, {len(findings)} findings, {len(FAULTS)} faults tried")
    sys.exit(failed)


if __name__ == "__main__":
    main()
