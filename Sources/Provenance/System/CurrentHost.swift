// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles

extension Host {
  /// This machine, as the kernel's files describe it. What cannot be found out is `unknown` or nil, never guessed.
  /// - Parameter hostName: the id to give it, instead of the hash: who compares two machines names them.
  public static func current(hostName: String? = nil, from surroundings: Surroundings = .here()) -> Host {
    let gpus = "/proc/driver/nvidia/gpus"
    let gpu = surroundings.names(in: gpus).first.flatMap {
      surroundings.text("\(gpus)/\($0)/information")?.value(of: "Model", separator: ":")
    }
    let processors = surroundings.text("/proc/cpuinfo") ?? ""
    return Host(
      id: hostName ?? identifier(surroundings), cpu: MachineFacts.model(processors) ?? "unknown",
      cores: surroundings.processors, memoryBytes: MachineFacts.memoryBytes(surroundings) ?? 0, gpu: gpu,
      os: MachineFacts.systemName(surroundings) ?? "unknown", container: ContainerFacts.kind(surroundings))
  }

  /// Sixteen hexadecimal digits of a hash of the machine id, which itself stays private, as machine-id(5) asks; of
  /// the host's name where there is none.
  private static func identifier(_ surroundings: Surroundings) -> String {
    let machine = surroundings.text("/etc/machine-id")
    let isSet = machine.map { !["", "uninitialized"].contains($0.trimmed) } ?? false
    let secret = isSet ? machine ?? "" : surroundings.networkName
    return String(SHA256Digest.hex(of: "ttseval host \(secret)").prefix(16))
  }
}
