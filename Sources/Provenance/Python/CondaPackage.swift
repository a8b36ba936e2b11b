// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// A package of a conda environment, as its record in `conda-meta` describes it.
public struct CondaPackage: Sendable, Hashable {
  /// conda's name: torch is `pytorch` there.
  public var name: String
  /// As written.
  public var version: String
  /// How it was built, e.g. `py3.11_cuda12.1_cudnn8.9.2_0`.
  public var build: String
  /// Where it came from, e.g. `conda-forge`.
  public var channel: String?
  /// What it was built for, e.g. `linux-64`.
  public var platform: String?

  /// A package from its parts.
  public init(name: String, version: String, build: String, channel: String? = nil, platform: String? = nil) {
    self.name = name
    self.version = version
    self.build = build
    self.channel = channel
    self.platform = platform
  }

  /// Reads the packages of interest of an environment. Records list every file of a package, hence only those are opened.
  static func read(prefix: String) -> [CondaPackage] {
    Surroundings.names("\(prefix)/conda-meta").compactMap { entry in
      guard entry.hasSuffix(".json") else { return nil }
      let parts = entry.dropLast(5).split(separator: "-")
      guard parts.count >= 3, known.contains(parts.dropLast(2).joined(separator: "-")),
        let data = FileManager.default.contents(atPath: "\(prefix)/conda-meta/\(entry)"),
        let record = try? JSONDecoder().decode(Record.self, from: data)
      else { return nil }
      return CondaPackage(
        name: record.name, version: record.version, build: record.build,
        channel: record.channel.flatMap(Self.channelName),
        platform: record.subdir)
    }
  }

  /// The last words of a channel's address: `https://conda.anaconda.org/conda-forge/linux-64` is conda-forge. Addresses
  /// of private channels may hold a token.
  static func channelName(_ address: String) -> String? {
    let platforms = ["linux-", "osx-", "win-", "noarch"]
    return address.split(separator: "/").last { part in !platforms.contains { part.hasPrefix($0) } }.map(String.init)
  }

  private struct Record: Decodable {
    var name: String
    var version: String
    var build: String
    var channel: String?
    var subdir: String?
  }

  private static let known: Set<String> = [
    "python", "pytorch", "pytorch-cuda", "pytorch-mutex", "libtorch", "torchaudio", "torchvision", "torchcodec",
    "numpy",
    "onnxruntime", "onnxruntime-cpp", "cudnn", "cudatoolkit", "cuda-version", "cuda-runtime", "cuda-cudart", "mkl",
    "ffmpeg", "libsndfile", "pysoundfile", "sox",
  ]
}
