// SPDX-License-Identifier: GPL-3.0-or-later

/// The command that puts a fitting set of packages in place, every release pinned.
struct InstallLine {
  var python: String
  /// Release of torch.
  var torch: PythonVersion
  /// The build both are to have; nil for PyPI's.
  var build: String?
  /// Whether to replace packages whose release is already right: pip takes 2.6.0+cpu for 2.6.0.
  var replacing = false

  /// E.g. `python3 -m pip install torch==2.6.0 torchaudio==2.6.0 --index-url https://download.pytorch.org/whl/cpu`.
  var text: String {
    let pair = "torch==\(torch.base) torchaudio==\(ReleasePairs.torchaudioRelease(for: torch))"
    return Self.pip(python) + (replacing ? " --force-reinstall" : "") + " \(pair)" + Self.index(build)
  }

  /// The line for the releases a stack has or, where it has none, ones that its Python can run.
  init(for stack: PythonStack, replacing: Bool = false) {
    python = stack.path
    self.replacing = replacing
    let (torch, torchaudio) = (stack["torch"], stack["torchaudio"])
    let release =
      torch?.version.base ?? torchaudio.map { ReleasePairs.torchRelease(for: $0.version) }
      ?? Self.release(forPython: stack.interpreter.version)
    // Versions that were read begin with a number, and the others are written below.
    self.torch = PythonVersion(release) ?? Self.fallback
    // A build of PyPI's needs no index, unless the other package has to be brought to it.
    build = torch.map { replacing ? $0.build : $0.version.build } ?? torchaudio?.build
  }

  /// pip, for this very Python.
  static func pip(_ python: String) -> String {
    let isPlain = python.wholeMatch(of: /[A-Za-z0-9_.\/+~-]+/) != nil
    return (isPlain ? python : "'\(python.replacing("'", with: "'\\''"))'") + " -m pip install"
  }

  /// PyTorch's index for a build. Others than these are not published there.
  private static func index(_ build: String?) -> String {
    guard let build, build.wholeMatch(of: /cpu|xpu|cu\d+|rocm[\d.]+/) != nil else { return "" }
    return " --index-url https://download.pytorch.org/whl/\(build)"
  }

  // The newest torch that loads sound without torchcodec, where the Python is not too new or too old for it.
  private static func release(forPython version: String) -> String {
    let python = PythonVersion(version)?.line ?? ReleaseLine(3, 11)
    return python >= ReleaseLine(3, 14) ? "2.9.1" : python >= ReleaseLine(3, 9) ? "2.8.0" : "2.4.1"
  }

  private static let fallback = PythonVersion(release: [2, 8, 0])
}
