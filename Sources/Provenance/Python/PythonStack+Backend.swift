// SPDX-License-Identifier: GPL-3.0-or-later

extension PythonStack {
  /// Whether torchaudio has something to load sound with.
  ///
  /// From 2.9 on it hands everything to torchcodec, which uses an FFmpeg of the system. From 2.1 to 2.8 it looks for FFmpeg,
  /// SoX and the package soundfile when it runs; before that, its wheels for Linux and macOS brought a SoX of their own.
  /// The conda packages of FFmpeg and SoX put their libraries where this looks.
  var backendCheck: HealthCheck {
    let name = "torch-backend"
    guard let torchaudio = self["torchaudio"]?.fullVersion else {
      return HealthCheck(name, .skipped, found: "no torchaudio")
    }
    if torchaudio.line >= ReleaseLine(2, 9) { return codecCheck(name) }
    if torchaudio.line < ReleaseLine(2, 1) { return HealthCheck(name, .passed, found: "SoX within torchaudio") }
    // It was compiled for these and tries no other.
    let ffmpeg = MediaLibraries.ffmpegVersions(mediaLibraries).filter { (4...6).contains($0) }
    let backends =
      (self["soundfile"].map { ["soundfile \($0.version)"] } ?? []) + ffmpeg.map { "FFmpeg \($0)" }
      + (mediaLibraries.contains { $0.hasPrefix("libsox.") } ? ["SoX"] : [])
    if !backends.isEmpty { return HealthCheck(name, .passed, found: backends.joined(separator: ", ")) }
    return HealthCheck(
      name, .failed, found: "neither soundfile nor FFmpeg 4–6 nor SoX",
      advice: "\(InstallLine.pip(path)) soundfile==0.13.1")
  }

  /// The command that puts the fitting torchcodec in place.
  var codecInstallLine: String {
    let line = self["torch"]?.version.line ?? self["torchaudio"]?.version.line ?? ReleaseLine(2, 9)
    return "\(InstallLine.pip(path)) torchcodec==\(ReleasePairs.torchcodecRelease(for: line))"
  }

  private func codecCheck(_ name: String) -> HealthCheck {
    let line = self["torch"]?.version.line ?? self["torchaudio"]?.version.line ?? ReleaseLine(2, 9)
    let advice = codecInstallLine
    guard let codec = self["torchcodec"]?.version else {
      return HealthCheck(
        name, .failed, found: "torchaudio \(line) loads through torchcodec, which is missing", advice: advice)
    }
    guard ReleasePairs.fit(torch: line, torchcodec: codec.line) else {
      return HealthCheck(name, .failed, found: "torchcodec \(codec) was not made for torch \(line)", advice: advice)
    }
    if let failure = imports.first(where: { $0.name == "torchcodec" })?.failure {
      return HealthCheck(
        name, .failed, found: "torchcodec \(codec): \(failure)",
        advice: "install FFmpeg's libraries, e.g. apt install ffmpeg, or torchcodec anew: \(advice)")
    }
    let ffmpeg = MediaLibraries.ffmpegVersions(mediaLibraries).map { "FFmpeg \($0)" }
    if !ffmpeg.isEmpty || imports.contains(where: { $0.name == "torchcodec" }) {
      return HealthCheck(name, .passed, found: (["torchcodec \(codec)"] + ffmpeg).joined(separator: ", "))
    }
    // It may lie elsewhere, or come in a package; only a try can tell.
    return HealthCheck(
      name, .skipped, found: "torchcodec \(codec); no library of FFmpeg in the usual folders",
      advice: "install FFmpeg's libraries if loading fails, e.g. apt install ffmpeg")
  }
}
