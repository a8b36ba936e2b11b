// SPDX-License-Identifier: GPL-3.0-or-later

/// Which releases of torch, torchaudio and torchcodec were made for each other.
///
/// torchaudio's compiled part was linked against one release line of torch up to 2.10; torchaudio 2.11 uses torch's stable
/// interface and serves torch 2.11 and all later ones (torchaudio's installation page). torchcodec did the same from 0.12
/// on (the table in its README). Patch releases of one line may differ.
enum ReleasePairs {
  /// The first torchaudio that is not bound to one line of torch.
  private static let stable = ReleaseLine(2, 11)

  /// The release line of torchaudio for a line of torch: 0.13 for 1.13, 2.6 for 2.6.
  static func torchaudioLine(for torch: ReleaseLine) -> ReleaseLine {
    torch.major == 1 ? ReleaseLine(0, torch.minor) : min(torch, stable)
  }

  /// Whether the two can work together.
  static func fit(torch: ReleaseLine, torchaudio: ReleaseLine) -> Bool {
    torchaudio >= stable ? torch >= torchaudio : torchaudioLine(for: torch) == torchaudio
  }

  /// The very release of torchaudio to install beside a torch.
  static func torchaudioRelease(for torch: PythonVersion) -> String {
    let exceptions = ["2.0.0": "2.0.1", "2.0.1": "2.0.2", "1.7.1": "0.7.2"]
    if let exception = exceptions[torch.base] { return exception }
    if torch.line > stable { return "\(stable).0" }
    let line = torchaudioLine(for: torch.line)
    return "\(line).\(torch.release.count > 2 ? torch.release[2] : 0)"
  }

  /// The very release of torch to install beside a torchaudio.
  static func torchRelease(for torchaudio: PythonVersion) -> String {
    let exceptions = ["2.0.1": "2.0.0", "2.0.2": "2.0.1", "0.7.2": "1.7.1"]
    if let exception = exceptions[torchaudio.base] { return exception }
    let line = torchaudio.line.major == 0 ? ReleaseLine(1, torchaudio.line.minor) : torchaudio.line
    return "\(line).\(torchaudio.release.count > 2 ? torchaudio.release[2] : 0)"
  }

  /// Lines of torchcodec below 0.12, each made for one line of torch.
  private static let codecs: [(torch: ReleaseLine, minors: ClosedRange<Int>, newest: String)] = [
    (ReleaseLine(2, 4), 0...0, "0.0.3"), (ReleaseLine(2, 5), 1...1, "0.1.1"), (ReleaseLine(2, 6), 2...2, "0.2.1"),
    (ReleaseLine(2, 7), 3...5, "0.5"), (ReleaseLine(2, 8), 6...7, "0.7.0"), (ReleaseLine(2, 9), 8...9, "0.9.1"),
    (ReleaseLine(2, 10), 10...10, "0.10.0"), (ReleaseLine(2, 11), 11...11, "0.11.1"),
  ]

  static func fit(torch: ReleaseLine, torchcodec: ReleaseLine) -> Bool {
    if torchcodec >= ReleaseLine(0, 12) { return torch >= stable }
    return codecs.first { $0.minors.contains(torchcodec.minor) }?.torch == torch
  }

  /// The very release of torchcodec for a line of torch.
  static func torchcodecRelease(for torch: ReleaseLine) -> String {
    codecs.first { $0.torch == torch }?.newest ?? (torch > stable ? "0.16.0" : "0.0.3")
  }
}
