// SPDX-License-Identifier: GPL-3.0-or-later

/// What a Python says of itself, with its standard library only.
public struct PythonInterpreter: Sendable, Hashable, Codable {
  /// E.g. `3.11.7`.
  public var version: String
  /// `CPython`, `PyPy`.
  public var implementation: String
  /// What its kernel calls the architecture: `x86_64` also in an x86-64 Python on an Apple arm64.
  public var machine: String
  /// What it was built for, e.g. `linux-x86_64`, `macosx-11.0-arm64`.
  public var platform: String
  /// The environment it runs in.
  public var prefix: String
  /// The installation behind that environment.
  public var basePrefix: String
  /// Folders where it looks for packages, in order.
  public var path: [String]

  /// An interpreter from its parts.
  public init(
    version: String, implementation: String, machine: String, platform: String, prefix: String, basePrefix: String,
    path: [String]
  ) {
    self.version = version
    self.implementation = implementation
    self.machine = machine
    self.platform = platform
    self.prefix = prefix
    self.basePrefix = basePrefix
    self.path = path
  }

  /// Asks a Python.
  /// - Throws: `PythonFailure`.
  static func ask(_ python: PythonProgram) throws(PythonFailure) -> PythonInterpreter {
    try python.answer(
      to: """
        import platform, sysconfig
        tell(version=platform.python_version(), implementation=platform.python_implementation(),
             machine=platform.machine(), platform=sysconfig.get_platform(), prefix=sys.prefix,
             basePrefix=getattr(sys, "base_prefix", sys.prefix), path=[p for p in sys.path if os.path.isdir(p)])
        """, timeout: python.surroundings.patience * 4)
  }
}
