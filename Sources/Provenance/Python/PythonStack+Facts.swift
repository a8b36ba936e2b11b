// SPDX-License-Identifier: GPL-3.0-or-later

extension PythonStack {
  /// The stack as facts: topic `python`, and one topic for each package.
  public var facts: [Fact] {
    let python = [
      Fact("python", "path", ifKnown: path), Fact("python", "version", ifKnown: interpreter.version),
      Fact("python", "implementation", ifKnown: interpreter.implementation),
      Fact("python", "platform", ifKnown: interpreter.platform), Fact("python", "environment", environmentKind),
    ].compactMap { $0 }
    let known = Set(packages.map(\.name))
    let condaOnly = condaPackages.filter { !known.contains(Self.pythonName(of: $0)) && $0.name != "python" }
    return python + packages.flatMap(facts) + condaOnly.flatMap(facts)
  }

  /// `conda`, `venv`, or `system`.
  private var environmentKind: String {
    isConda ? "conda" : interpreter.prefix == interpreter.basePrefix ? "system" : "venv"
  }

  private func facts(of package: PythonPackage) -> [Fact] {
    let topic = package.name
    let conda = condaPackages.first { Self.pythonName(of: $0) == topic && origin(of: package) == .conda }
    let module = topic.hasPrefix("onnxruntime") ? "onnxruntime" : topic
    let imported = imports.first { $0.name == module }
    return [
      Fact(topic, "version", ifKnown: package.fullVersion.description), Fact(topic, "build", ifKnown: package.build),
      Fact(topic, "cuda", ifKnown: package.cuda ?? imported?.details["cuda"]),
      Fact(topic, "installer", ifKnown: package.installer), Fact(topic, "commit", ifKnown: package.commit),
      Fact(topic, "editable", ifKnown: package.isEditable ? "true" : nil),
      Fact(topic, "conda-build", ifKnown: conda?.build), Fact(topic, "conda-channel", ifKnown: conda?.channel),
      Fact(topic, "imported-version", ifKnown: imported?.version),
      Fact(topic, "import-failure", ifKnown: imported?.failure?.description),
    ].compactMap { $0 }
      + (imported?.details ?? [:]).sorted { $0.key < $1.key }.filter { $0.key != "cuda" }.map {
        Fact(topic, $0.key, $0.value)
      }
  }

  private func facts(of package: CondaPackage) -> [Fact] {
    [
      Fact(package.name, "version", ifKnown: package.version),
      Fact(package.name, "conda-build", ifKnown: package.build),
      Fact(package.name, "conda-channel", ifKnown: package.channel),
    ].compactMap { $0 }
  }

  private static func pythonName(of package: CondaPackage) -> String {
    package.name == "pytorch" ? "torch" : package.name
  }
}
