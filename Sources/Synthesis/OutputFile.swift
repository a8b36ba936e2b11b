// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import Foundation

/// Where a take of an utterance goes.
///
/// The TTS writes under a temporary name in the same folder, hidden, so that nobody pairs it, and with the right
/// extension, as many TTS choose the format by it. Only a file that was read whole and found to be sound gets the
/// real name.
struct OutputFile: Sendable, Equatable {
  /// Relative to the output folder.
  let relativePath: String
  /// Absolute.
  let path: String
  /// Absolute; what `{out}` stands for.
  let temporaryPath: String

  /// - Parameters:
  ///   - folder: absolute.
  ///   - take: nil where there is one take only, which then stands in the folder itself.
  init(folder: String, id: String, take: Int?, fileExtension: String) {
    let below = take.map { "take\($0)/" } ?? ""
    relativePath = "\(below)\(id).\(fileExtension)"
    path = "\(folder)/\(relativePath)"
    temporaryPath = "\(folder)/\(below).\(id).part.\(fileExtension)"
  }

  /// Removes what an attempt may have left.
  func discard() { try? FileManager.default.removeItem(atPath: temporaryPath) }

  /// Removes all there may be of it: a sound of an earlier run is not to stand for one that failed.
  func clear() {
    discard()
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Reads what was written, and gives it its name.
  /// - Throws: `SynthesisFailure`; the temporary file is gone then.
  func keep() throws(SynthesisFailure) -> SynthesisedAudio {
    let audio: SynthesisedAudio
    do throws(SynthesisFailure) {
      audio = try validated()
    } catch {
      discard()
      throw error
    }
    do throws(SystemError) { try Descriptor.rename(temporaryPath, to: path) } catch {
      discard()
      throw .notKept("\(error)")
    }
    return audio
  }

  private func validated() throws(SynthesisFailure) -> SynthesisedAudio {
    // A link's target may change or vanish, and the row would vouch for it.
    guard !Descriptor.isLink(temporaryPath) else { throw .unreadable("a symbolic link, no file of its own") }
    do throws(AudioFileError) {
      let sound = try AudioFile.read(temporaryPath)
      return SynthesisedAudio(
        sha256: sound.fileSHA256, audioSHA256: sound.audioSHA256, sampleRate: sound.sampleRate,
        channels: sound.channelCount, seconds: sound.seconds,
        isSilent: sound.isSilent)
    } catch {
      switch error {
      case .notFound: throw .wroteNothing
      case .emptyFile, .noSamples: throw .empty
      default: throw .unreadable(error.description)
      }
    }
  }
}

/// A file that a TTS made.
public struct SynthesisedAudio: Sendable, Equatable, Codable {
  /// SHA-256 of the file's bytes, lowercase hexadecimal.
  public let sha256: String
  /// SHA-256 of the decoded sound, as `DecodedAudio` defines it.
  public let audioSHA256: String
  /// Hz.
  public let sampleRate: Int
  /// Number of channels.
  public let channels: Int
  /// Duration.
  public let seconds: Double
  /// Whether every sample is zero: sound by format only. To be warned of.
  public let isSilent: Bool
}
