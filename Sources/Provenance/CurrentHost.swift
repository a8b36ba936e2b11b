// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import Foundation

extension Host {
  /// This machine, as the kernel's files describe it. What cannot be found out is `unknown` or nil, never guessed.
  public static func current() -> Host {
    let processor = value(of: "model name", in: "/proc/cpuinfo") ?? "unknown"
    let memory = value(of: "MemTotal", in: "/proc/meminfo")?.split(separator: " ").first.flatMap { Int($0) }
    let os = value(of: "PRETTY_NAME", in: "/etc/os-release", separator: "=")?.trimmingCharacters(in: ["\""])
    return Host(
      id: identifier(), cpu: processor, cores: ProcessInfo.processInfo.activeProcessorCount,
      memoryBytes: memory.map { $0 * 1024 } ?? 0, gpu: firstGPU(), os: os ?? "unknown", container: container())
  }

  /// Sixteen hexadecimal digits of a hash of the machine id, which itself stays private, as machine-id(5) asks; of
  /// the host's name where there is none.
  private static func identifier() -> String {
    let machine = try? String(contentsOfFile: "/etc/machine-id", encoding: .utf8)
    let secret = machine.flatMap { $0.isEmpty ? nil : $0 } ?? ProcessInfo.processInfo.hostName
    return String(SHA256Digest.hex(of: "ttseval host \(secret)").prefix(16))
  }

  private static func value(of key: String, in file: String, separator: Character = ":") -> String? {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: separator, maxSplits: 1)
      if parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == key {
        return parts[1].trimmingCharacters(in: .whitespaces)
      }
    }
    return nil
  }

  private static func firstGPU() -> String? {
    let folder = "/proc/driver/nvidia/gpus"
    let cards = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
    return cards.first.flatMap { value(of: "Model", in: "\(folder)/\($0)/information") }
  }

  private static func container() -> String? {
    if FileManager.default.fileExists(atPath: "/.dockerenv") { return "docker" }
    if FileManager.default.fileExists(atPath: "/run/.containerenv") { return "podman" }
    let groups = (try? String(contentsOfFile: "/proc/1/cgroup", encoding: .utf8)) ?? ""
    return ["kubepods", "docker", "lxc", "containerd"].first { groups.contains($0) }
  }
}
