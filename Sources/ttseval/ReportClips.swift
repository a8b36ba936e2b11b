// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Evaluation
import Foundation
import Reporting
import SpeechSignal

/// Gathers what a page shows of single utterances: sounds, spectrograms, contours.
struct ReportClips {
  /// The usual limit above which a sound is linked and not embedded, bytes.
  static let embeddedBytes = 300_000

  /// How many utterances a page usually shows, at most.
  static let count = 6

  let run: Run
  let diff: RunDiff?
  /// The folder the page is to stand in, for links.
  let folder: String
  /// The limit of this page.
  let embeddedBytes: Int
  /// How many utterances this page shows, at most.
  let limit: Int

  /// The worst utterances; one whose files are no longer what was scored is told of in numbers, and named on stderr.
  func gather(_ console: Console) -> ReportAssets {
    let clips = WorstUtterances(run, diff: diff, limit: limit).choices.map { choice in
      let utterance = choice.utterance
      do throws(EvaluationFailure) {
        let pair = try PairClip(utterance, run.settings.conditions)
        return ReportAssets.Clip(
          system: choice.system, id: utterance.id, reference: sound(utterance.reference.path),
          synthesis: sound(utterance.synthesis.path),
          spectrograms: try? SpectrogramPictures(reference: pair.reference, synthesis: pair.synthesis),
          curves: pair.curves)
      } catch {
        var reason = "\(error)"
        if case .changed(_, let path) = error { reason = "\(path) is gone, or no longer what was scored" }
        console.warn("neither seen nor heard in the report: \(choice.system) \(utterance.id): \(reason)")
        return ReportAssets.Clip(system: choice.system, id: utterance.id, missing: "Not to be seen or heard: \(reason)")
      }
    }
    return ReportAssets(clips: clips)
  }

  /// A file that browsers play: as it is where it is compressed, else as FLAC; linked where that is large.
  private func sound(_ path: String) -> ReportAssets.Sound? {
    let types = ["ogg": "audio/ogg", "opus": "audio/ogg", "mp3": "audio/mpeg", "flac": "audio/flac"]
    let ending = (path as NSString).pathExtension.lowercased()
    if let type = types[ending], let bytes = FileManager.default.contents(atPath: path) {
      return bytes.count <= embeddedBytes
        ? .embedded([UInt8](bytes), mediaType: type) : .linked(path: relative(path))
    }
    if let bytes = flac(path), bytes.count <= embeddedBytes { return .embedded(bytes, mediaType: "audio/flac") }
    return .linked(path: relative(path))
  }

  private func flac(_ path: String) -> [UInt8]? {
    let copy = FileManager.default.temporaryDirectory.appendingPathComponent("ttseval-\(UUID().uuidString).flac").path
    defer { try? FileManager.default.removeItem(atPath: copy) }
    guard let sound = try? AudioFile.read(path), let waveform = try? sound.waveform(.mix),
      (try? AudioFile.write(waveform, to: copy, as: .pcm16)) != nil
    else { return nil }
    return FileManager.default.contents(atPath: copy).map { [UInt8]($0) }
  }

  /// A path from the page's folder to a file.
  private func relative(_ path: String) -> String {
    let from = URL(fileURLWithPath: folder).standardizedFileURL.pathComponents
    let to = URL(fileURLWithPath: path).standardizedFileURL.pathComponents
    let common = zip(from, to).prefix { $0 == $1 }.count
    return (Array(repeating: "..", count: from.count - common) + to.dropFirst(common)).joined(separator: "/")
  }
}
