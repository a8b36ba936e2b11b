// SPDX-License-Identifier: GPL-3.0-or-later

/// Processor, memory and operating system, from the kernel's files.
enum MachineFacts {
  static func read(from surroundings: Surroundings) -> [Fact] {
    let processors = surroundings.text("/proc/cpuinfo") ?? ""
    let cores = processors.lines.count { $0.split(separator: ":").first?.trimmed == "processor" }
    let memory = memoryBytes(surroundings)
    return [
      Fact("cpu", "model", ifKnown: model(processors)),
      Fact("cpu", "architecture", ifKnown: surroundings.machine),
      Fact("cpu", "cores", ifKnown: cores > 0 ? String(cores) : nil),
      Fact("cpu", "usable", ifKnown: surroundings.processors > 0 ? String(surroundings.processors) : nil),
      Fact("cpu", "simd", ifKnown: simd(processors)),
      Fact("memory", "bytes", ifKnown: memory.map(String.init)),
      Fact("os", "name", ifKnown: systemName(surroundings)),
      Fact("os", "kernel", ifKnown: kernel(surroundings)),
      Fact("library", "libc", ifKnown: surroundings.cLibrary),
    ].compactMap { $0 }
  }

  /// The processor's name. ARM's kernel gives numbers instead: implementer and part, as in lscpu's tables.
  static func model(_ cpuinfo: String) -> String? {
    if let name = cpuinfo.value(of: "model name", separator: ":"), !name.isEmpty { return name }
    guard let implementer = cpuinfo.value(of: "CPU implementer", separator: ":"),
      let part = cpuinfo.value(of: "CPU part", separator: ":")
    else { return nil }
    return "ARM implementer \(implementer) part \(part)"
  }

  /// The widest vector instructions that numerical libraries choose by.
  static func simd(_ cpuinfo: String) -> String? {
    let words = cpuinfo.value(of: "flags", separator: ":") ?? cpuinfo.value(of: "Features", separator: ":") ?? ""
    let flags = Set(words.split(separator: " ").map(String.init))
    let levels: [(needed: Set<String>, name: String)] = [
      (["avx512f", "avx512bw", "avx512dq", "avx512vl"], "avx512"), (["avx2", "fma"], "avx2"), (["avx"], "avx"),
      (["sse4_2"], "sse4.2"), (["sse2"], "sse2"), (["sve2"], "sve2"), (["sve"], "sve"), (["asimd"], "neon"),
      (["neon"], "neon"),
    ]
    return levels.first { $0.needed.isSubset(of: flags) }?.name
  }

  static func memoryBytes(_ surroundings: Surroundings) -> Int? {
    let value = surroundings.text("/proc/meminfo")?.value(of: "MemTotal", separator: ":")
    let kibibytes = value?.split(separator: " ").first.flatMap { Int($0) }
    return kibibytes.flatMap { $0 > 0 && $0 < 1 << 50 ? $0 * 1024 : nil }
  }

  static func systemName(_ surroundings: Surroundings) -> String? {
    for path in ["/etc/os-release", "/usr/lib/os-release"] {
      if let name = surroundings.text(path)?.value(of: "PRETTY_NAME", separator: "=") { return name.unquoted }
    }
    return nil
  }

  private static func kernel(_ surroundings: Surroundings) -> String? {
    guard let release = surroundings.text("/proc/sys/kernel/osrelease")?.trimmed, !release.isEmpty else { return nil }
    return "\(surroundings.text("/proc/sys/kernel/ostype")?.trimmed ?? "Linux") \(release)"
  }
}
