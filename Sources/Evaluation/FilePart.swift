// SPDX-License-Identifier: GPL-3.0-or-later

/// A sound file's facts as JSON has them. `sha256` is of the decoded samples.
package struct FilePart: Codable {
  let path: String
  let sha256: String?
  let sampleRate: Int?
  let channels: Int?
  let seconds: Double?

  /// The facts but for the digest of the file itself, which differs between formats of equal sound.
  package init(_ file: FileFacts) {
    path = file.path
    sha256 = file.audioSHA256
    sampleRate = file.sampleRate
    channels = file.channels
    seconds = file.seconds
  }

  var facts: FileFacts {
    FileFacts(path: path, audioSHA256: sha256, sampleRate: sampleRate, channels: channels, seconds: seconds)
  }
}
