// SPDX-License-Identifier: GPL-3.0-or-later

/// A processor's architecture under its many names.
enum Architecture: String {
  case arm64, x86
  case x86_64 = "x86-64"

  /// From what a kernel, a wheel's tag, Python or conda calls it; nil for what runs anywhere or is not known.
  init?(_ text: String) {
    let text = text.lowercased()
    // x86_64 contains x86, and linux-64 says nothing else.
    if text.contains(/universal2|(^|[-_])any$|noarch/) { return nil }
    if text.contains(/x86[_-]64|amd64|(linux|osx|win)-64$/) {
      self = .x86_64
    } else if text.contains(/aarch64|arm64/) {
      self = .arm64
    } else if text.contains(/i[3-6]86|win32|(linux|osx|win)-32$/) {
      self = .x86
    } else {
      return nil
    }
  }
}

extension PythonStack {
  /// Machine, Python and packages are of one architecture. An x86-64 Python runs on an Apple arm64, but slowly, and
  /// it cannot load arm64 libraries.
  func architectureCheck(_ machine: String) -> HealthCheck {
    let name = "torch-architecture"
    // A universal Python runs as what its kernel shows it.
    let python = Architecture(interpreter.platform) ?? Architecture(interpreter.machine)
    var parts: [(name: String, architecture: Architecture)] = []
    if let machine = Architecture(machine) { parts.append(("machine", machine)) }
    if let python { parts.append(("Python", python)) }
    let names = ["torch", "torchaudio", "torchvision", "torchcodec", "numpy", "onnxruntime", "onnxruntime-gpu"]
    for package in names.compactMap({ self[$0] }) {
      let conda = condaPackages.first { $0.name == (package.name == "torch" ? "pytorch" : package.name) }?.platform
      let told = package.tags.isEmpty ? [conda ?? ""] : package.tags
      // Several tags for one architecture are common; one wheel for two architectures runs on both.
      let kinds = Set(told.compactMap { Architecture($0) })
      if kinds.count == 1, let kind = kinds.first { parts.append((package.name, kind)) }
    }
    let kinds = Set(parts.map(\.architecture))
    if let kind = kinds.first, kinds.count == 1 {
      return HealthCheck(name, .passed, found: "all \(kind.rawValue)")
    }
    if kinds.isEmpty { return HealthCheck(name, .skipped, found: "not known") }
    let found = parts.map { "\($0.name) \($0.architecture.rawValue)" }.joined(separator: ", ")
    let native = Architecture(machine).map { " for \($0.rawValue)" } ?? " for one architecture"
    let isPythonForeign = python != nil && Architecture(machine) != nil && python != Architecture(machine)
    return HealthCheck(
      name, .failed, found: found,
      advice: isPythonForeign
        ? "install a Python\(native), make a new environment with it, and in there: \(InstallLine(for: self).text)"
        : InstallLine(for: self, replacing: true).text)
  }
}
