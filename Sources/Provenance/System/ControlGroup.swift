// SPDX-License-Identifier: GPL-3.0-or-later

/// The control group of the process (cgroups(7), both versions), and the tightest limits on the way up from it.
struct ControlGroup {
  /// Its path, with ids of containers and pods shortened to `*`: they are new each time. Nil at the root.
  var name: String?
  /// Bytes.
  var memoryLimit: Int?
  /// Processors' worth of time.
  var processorLimit: Double?

  init(_ surroundings: Surroundings) {
    var paths: [String: String] = [:]
    for line in (surroundings.text("/proc/self/cgroup") ?? "").lines {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      for controller in fields[1].split(separator: ",", omittingEmptySubsequences: false) {
        paths[String(controller)] = String(fields[2])
      }
    }
    // Version 2 has one line, without a controller's name; beside version 1 it may be there without limits.
    let unified = paths[""]
    let path = [unified, paths["memory"], paths["cpu"], paths["name=systemd"]].compactMap { $0 }.first { $0 != "/" }
    name = path.map(Self.withoutIds)

    let memory =
      Self.folders("/sys/fs/cgroup", unified).map { surroundings.number("\($0)/memory.max") }
      + Self.folders("/sys/fs/cgroup/memory", paths["memory"]).map {
        surroundings.number("\($0)/memory.limit_in_bytes")
      }
    // Version 1 says "no limit" by the greatest multiple of a page.
    memoryLimit = memory.compactMap { $0 }.filter { $0 < 1 << 60 }.min()

    let processors =
      Self.folders("/sys/fs/cgroup", unified).map { folder -> Double? in
        let fields = (surroundings.text("\(folder)/cpu.max") ?? "").trimmed.split(separator: " ")
        return fields.count == 2 ? Self.ratio(Int(fields[0]), Int(fields[1])) : nil
      }
      + Self.folders("/sys/fs/cgroup/cpu", paths["cpu"]).map {
        Self.ratio(surroundings.number("\($0)/cpu.cfs_quota_us"), surroundings.number("\($0)/cpu.cfs_period_us"))
      }
    processorLimit = processors.compactMap { $0 }.min()
  }

  /// A group's folder and those above it, down from the mount point. Inside a container of version 1 the path is the
  /// host's, and only the mount point itself is there.
  private static func folders(_ mount: String, _ path: String?) -> [String] {
    guard let path else { return [] }
    var folders = [mount]
    // A group outside of this namespace is told with dots.
    for part in path.split(separator: "/") where part != ".." {
      folders.append("\(folders[folders.count - 1])/\(part)")
    }
    return folders
  }

  private static func ratio(_ quota: Int?, _ period: Int?) -> Double? {
    guard let quota, let period, quota > 0, period > 0, quota < 1 << 50 else { return nil }
    return Double(quota) / Double(period)
  }

  /// Hexadecimal ids of 12 digits and more, and UUIDs, become `*`.
  static func withoutIds(_ path: String) -> String {
    path.replacing(/[0-9a-f]{8}([-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{12,}/, with: "*")
  }
}

extension Surroundings {
  /// The whole number a file holds.
  fileprivate func number(_ path: String) -> Int? { text(path).flatMap { Int($0.trimmed) } }
}
