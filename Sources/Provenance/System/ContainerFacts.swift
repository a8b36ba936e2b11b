// SPDX-License-Identifier: GPL-3.0-or-later

/// What the process is confined to: kind of container, image, control group and its limits.
enum ContainerFacts {
  static func read(from surroundings: Surroundings) -> [Fact] {
    let kind = kind(surroundings)
    let group = ControlGroup(surroundings)
    return [
      Fact("container", "kind", ifKnown: kind),
      Fact("container", "image", ifKnown: kind == nil ? nil : image(surroundings)),
      Fact("container", "image-id", ifKnown: podman("imageid", surroundings)),
      Fact("container", "cgroup", ifKnown: group.name),
      Fact("container", "memory-limit-bytes", ifKnown: group.memoryLimit.map(String.init)),
      Fact("container", "cpu-limit", ifKnown: group.processorLimit.map(hundredths)),
    ].compactMap { $0 }
  }

  /// The innermost kind that can be told: an Apptainer within a pod is `apptainer`.
  static func kind(_ surroundings: Surroundings) -> String? {
    let environment = surroundings.environment
    let marks = ["APPTAINER_CONTAINER", "APPTAINER_NAME", "SINGULARITY_CONTAINER", "SINGULARITY_NAME"]
    if marks.contains(where: { environment[$0]?.isEmpty == false }) || surroundings.exists("/.singularity.d") {
      return "apptainer"
    }
    if environment["KUBERNETES_SERVICE_HOST"] != nil || surroundings.exists("/var/run/secrets/kubernetes.io") {
      return "kubernetes"
    }
    if surroundings.exists("/run/.containerenv") { return "podman" }
    if surroundings.exists("/.dockerenv") { return "docker" }
    // systemd's conventions, which lxc and nspawn follow.
    for named in [environment["container"], surroundings.text("/run/systemd/container")] {
      if let name = named?.trimmed, name.wholeMatch(of: /[a-z][a-z0-9-]{1,31}/) != nil { return name }
    }
    let groups = surroundings.text("/proc/1/cgroup") ?? ""
    return [
      ("kubepods", "kubernetes"), ("libpod", "podman"), ("docker", "docker"), ("lxc", "lxc"),
      ("containerd", "containerd"),
    ]
    .first { groups.contains($0.0) }?.1
  }

  /// The image's name where somebody wrote it down: Podman, Apptainer (the file's name, not its folder), GitLab.
  private static func image(_ surroundings: Surroundings) -> String? {
    if let name = podman("image", surroundings) { return name }
    for variable in ["APPTAINER_CONTAINER", "SINGULARITY_CONTAINER", "APPTAINER_NAME", "SINGULARITY_NAME"] {
      if let file = surroundings.environment[variable]?.split(separator: "/").last { return String(file) }
    }
    return surroundings.environment["CI_JOB_IMAGE"]
  }

  private static func podman(_ key: String, _ surroundings: Surroundings) -> String? {
    surroundings.text("/run/.containerenv")?.value(of: key, separator: "=")?.unquoted
  }

  /// Up to two decimals, with a point in every language.
  private static func hundredths(_ value: Double) -> String {
    let scaled = Int((value * 100).rounded())
    let (whole, part) = scaled.quotientAndRemainder(dividingBy: 100)
    if part == 0 { return String(whole) }
    return part % 10 == 0 ? "\(whole).\(part / 10)" : "\(whole).\(part < 10 ? "0" : "")\(part)"
  }
}
