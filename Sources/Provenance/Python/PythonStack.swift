// SPDX-License-Identifier: GPL-3.0-or-later

/// A Python and what speech synthesis runs on in it.
///
/// It is read from the packages' metadata without importing them: a broken package can be described, nothing of its runs,
/// and it takes a moment. Importing, on request, tells what the libraries say of themselves, or why they do not load.
public struct PythonStack: Sendable, Hashable {
  /// The program, as it was given.
  public var path: String
  /// What the Python says of itself.
  public var interpreter: PythonInterpreter
  /// Packages of interest; of one that lies in several folders the one that is found first.
  public var packages: [PythonPackage]
  /// Whether its environment is conda's.
  public var isConda: Bool
  /// What conda says it installed there.
  public var condaPackages: [CondaPackage]
  /// File names of FFmpeg's and SoX's libraries in the usual folders, e.g. `libavutil.so.58`.
  public var mediaLibraries: Set<String>
  /// What importing gave; empty unless asked for.
  public var imports: [PythonImport]

  /// A stack from its parts.
  public init(
    path: String, interpreter: PythonInterpreter, packages: [PythonPackage], isConda: Bool = false,
    condaPackages: [CondaPackage] = [], mediaLibraries: Set<String> = [], imports: [PythonImport] = []
  ) {
    self.path = path
    self.interpreter = interpreter
    self.packages = packages
    self.isConda = isConda
    self.condaPackages = condaPackages
    self.mediaLibraries = mediaLibraries
    self.imports = imports
  }

  /// Asks a Python where it looks for packages, and reads their metadata.
  /// - Parameters:
  ///   - python: a path, or a name to be found in `PATH`.
  ///   - importing: whether to import torch, torchaudio, torchcodec and ONNX Runtime, each in a process of its own.
  ///   - importTimeout: seconds for each.
  /// - Throws: `PythonFailure`, when the Python itself does not answer. A library that does not load is a result.
  public static func read(
    _ python: String, from surroundings: Surroundings = .here(), importing: Bool = false, importTimeout: Double = 60
  ) throws(PythonFailure) -> PythonStack {
    let program = PythonProgram(path: python, surroundings: surroundings)
    let interpreter = try PythonInterpreter.ask(program)
    var packages: [PythonPackage] = []
    for package in interpreter.path.flatMap(PythonPackage.read)
    where !packages.contains(where: { $0.name == package.name }) {
      packages.append(package)
    }
    var stack = PythonStack(
      path: python, interpreter: interpreter, packages: packages,
      isConda: Surroundings.names(interpreter.prefix).contains("conda-meta"),
      condaPackages: CondaPackage.read(prefix: interpreter.prefix),
      mediaLibraries: MediaLibraries.find(interpreter, surroundings))
    if importing {
      stack.imports = PythonImport.libraries(of: stack).map { PythonImport.attempt($0, in: program, importTimeout) }
    }
    return stack
  }

  /// An installed package by its normalised name.
  public subscript(name: String) -> PythonPackage? { packages.first { $0.name == name } }

  /// Who put a package there.
  enum Origin: String {
    case conda, pip
    /// Nobody signed, and conda does not know it: the distribution, a build of one's own.
    case other
  }

  func origin(of package: PythonPackage) -> Origin {
    if let installer = package.installer { return installer == "conda" ? .conda : .pip }
    let name = package.name == "torch" ? "pytorch" : package.name
    return condaPackages.contains { $0.name == name && $0.version == package.version.base } ? .conda : .other
  }
}

/// Which libraries there are that decode sound for torchaudio and torchcodec, by their file names.
enum MediaLibraries {
  static func find(_ interpreter: PythonInterpreter, _ surroundings: Surroundings) -> Set<String> {
    let own = [interpreter.prefix, interpreter.basePrefix].map { "\($0)/lib" }
    let named = (surroundings.environment["LD_LIBRARY_PATH"] ?? "").split(separator: ":").map(String.init)
    let system = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/opt/homebrew/lib"].flatMap { folder in
      [folder, "\(folder)/\(surroundings.machine)-linux-gnu"].map { surroundings.root + $0 }
    }
    let names = (own + named + system).flatMap(Surroundings.names)
    return Set(names.filter { $0.hasPrefix("libavutil.") || $0.hasPrefix("libsox.") })
  }

  /// FFmpeg's major versions among file names: the libavutil of FFmpeg 4 is 56, and they have risen together since.
  static func ffmpegVersions(_ names: Set<String>) -> [Int] {
    let majors = names.compactMap { name in
      name.firstMatch(of: /^libavutil\.(?:so\.)?(\d+)/).flatMap { Int($0.1) }.map { $0 - 52 }
    }
    return Set(majors).filter { $0 >= 4 }.sorted()
  }
}
