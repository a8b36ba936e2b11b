// SPDX-License-Identifier: GPL-3.0-or-later

extension PythonStack {
  /// Whether torch and torchaudio of this stack can work, as far as their metadata, and importing if that was asked for,
  /// can tell. Pure: nothing is looked up or run.
  /// - Parameter machine: what the kernel calls the processor's architecture.
  public func checks(machine: String) -> [HealthCheck] {
    [installedCheck, releaseCheck, buildCheck, backendCheck, originCheck, architectureCheck(machine)]
      + imports.map(importCheck)
  }

  /// Both are there, each once.
  private var installedCheck: HealthCheck {
    let name = "torch-installed"
    let pair = ["torch", "torchaudio"].map { ($0, self[$0]) }
    let found = pair.map { "\($0) \($1?.fullVersion.description ?? "missing")" }.joined(separator: ", ")
    if pair.allSatisfy({ $0.1 == nil }), let runtime = packages.first(where: { $0.name.hasPrefix("onnxruntime") }) {
      return HealthCheck(name, .skipped, found: "no torch; \(runtime.name) \(runtime.version)")
    }
    if let double = pair.compactMap(\.1).first(where: { $0.copies > 1 }) {
      return HealthCheck(
        name, .failed, found: "\(found); metadata of \(double.copies) versions of \(double.name)",
        advice: InstallLine(for: self, replacing: true).text)
    }
    if pair.allSatisfy({ $0.1 != nil }) { return HealthCheck(name, .passed, found: found) }
    return HealthCheck(name, .failed, found: found, advice: InstallLine(for: self).text)
  }

  /// Both are of one release line.
  private var releaseCheck: HealthCheck {
    let name = "torch-release"
    guard let torch = self["torch"]?.fullVersion, let torchaudio = self["torchaudio"]?.fullVersion else {
      return HealthCheck(name, .skipped, found: "needs both torch and torchaudio")
    }
    let found = "torch \(torch), torchaudio \(torchaudio)"
    if ReleasePairs.fit(torch: torch.line, torchaudio: torchaudio.line) {
      return HealthCheck(name, .passed, found: found)
    }
    return HealthCheck(
      name, .failed,
      found:
        "\(found): made for torch \(PythonVersion(ReleasePairs.torchRelease(for: torchaudio))?.line ?? torchaudio.line)",
      advice: InstallLine(for: self, replacing: hasTwoBuilds).text)
  }

  private var hasTwoBuilds: Bool { self["torch"]?.build != self["torchaudio"]?.build }

  /// Both were built for the same: processor only, or one CUDA.
  private var buildCheck: HealthCheck {
    let name = "torch-build"
    guard let torch = self["torch"], let torchaudio = self["torchaudio"] else {
      return HealthCheck(name, .skipped, found: "needs both torch and torchaudio")
    }
    func tag(_ package: PythonPackage) -> String { package.build.map { "+\($0)" } ?? "no tag (PyPI's default)" }
    if !hasTwoBuilds { return HealthCheck(name, .passed, found: "both \(tag(torch))") }
    // conda's torchaudio has no tag, nor does its version.py tell: the release line and the channel keep them together.
    if origin(of: torch) == .conda, origin(of: torchaudio) == .conda, torch.build == nil || torchaudio.build == nil {
      return HealthCheck(name, .skipped, found: "torch \(tag(torch)), torchaudio \(tag(torchaudio)), both from conda")
    }
    return HealthCheck(
      name, .failed, found: "torch \(tag(torch)), torchaudio \(tag(torchaudio))",
      advice: InstallLine(for: self, replacing: true).text)
  }

  /// torch's family comes from one hand: conda's and pip's builds bring libraries of their own, and the second update
  /// breaks the first.
  private var originCheck: HealthCheck {
    let name = "torch-origin"
    let family = ["torch", "torchaudio", "torchvision", "torchcodec"].compactMap { self[$0] }
    guard !family.isEmpty else { return HealthCheck(name, .skipped, found: "no torch") }
    let origins = family.map { ($0.name, origin(of: $0)) }
    let found = origins.map { "\($0) by \($1 == .other ? "neither pip nor conda" : $1.rawValue)" }.joined(
      separator: ", ")
    // conda's record stays behind when pip installs over its package.
    let overwritten = condaPackages.contains { $0.name == "pytorch" } && origins.contains { $0 == ("torch", .pip) }
    let kinds = Set(origins.map(\.1))
    if !overwritten && !(kinds.contains(.conda) && kinds.contains(.pip)) {
      return HealthCheck(name, .passed, found: found)
    }
    let theirs = condaPackages.map(\.name).filter {
      ["pytorch", "libtorch", "torchaudio", "torchvision", "torchcodec"].contains($0)
    }
    let removal = theirs.isEmpty ? "" : "conda remove --force \(theirs.joined(separator: " ")) && "
    return HealthCheck(
      name, .failed, found: overwritten ? "\(found), over conda's pytorch" : found,
      advice: removal + InstallLine(for: self, replacing: true).text)
  }

  private func importCheck(_ result: PythonImport) -> HealthCheck {
    let name = "import-\(result.name)"
    guard let failure = result.failure else {
      let details = result.details.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      return HealthCheck(name, .passed, found: ([result.version ?? "no version"] + details).joined(separator: ", "))
    }
    if case .notInstalled(result.name) = failure {
      return HealthCheck(name, .skipped, found: failure.description)
    }
    let advice: String? =
      switch result.name {
      case "torch", "torchaudio": InstallLine(for: self, replacing: true).text
      case "torchcodec": codecInstallLine
      default: nil
      }
    return HealthCheck(name, .failed, found: failure.description, advice: advice)
  }
}
