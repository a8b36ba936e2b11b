// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Foundation
internal import SpeechMetrics

/// Single utterances: what they scored, and what there is of them to see and hear.
enum ClipSection {
  /// Clips for which nothing is at hand are told of in numbers.
  static func content(_ run: Run, _ diff: RunDiff?, _ assets: ReportAssets) -> [String: Any] {
    let worst = WorstUtterances(run, diff: diff).choices
    let clips =
      assets.clips.isEmpty ? worst.map { ReportAssets.Clip(system: $0.system, id: $0.utterance.id) } : assets.clips
    let known = clips.compactMap { clip -> [String: Any]? in
      let system = run.systems.first { $0.name == clip.system }
      guard let utterance = system?.utterances.first(where: { $0.id == clip.id }) else { return nil }
      let reason = worst.first { $0.system == clip.system && $0.utterance.id == clip.id }?.reason
      return content(clip, utterance, reason ?? "")
    }
    return ["clips": known, "hasClips": !known.isEmpty]
  }

  private static func content(
    _ clip: ReportAssets.Clip, _ utterance: UtteranceResult, _ reason: String
  ) -> [String: Any] {
    let players = [("reference", clip.reference), (clip.system, clip.synthesis)].compactMap { side, sound in
      sound.map { ["side": side, "url": $0.url, "label": "\(side), \(clip.id)"] }
    }
    var content: [String: Any] = [
      "system": clip.system, "id": clip.id, "reason": reason, "facts": facts(utterance), "scores": scores(utterance),
      "players": players, "hasPlayers": !players.isEmpty,
    ]
    if let missing = clip.missing { content["missing"] = [missing] }
    if let pictures = clip.spectrograms { content["spectrograms"] = ["pictures": Self.pictures(pictures, clip)] }
    if let curves = clip.curves {
      let svg = ContourPicture.svg(curves, reference: "reference", synthesis: clip.system)
      content["contour"] = [
        "url": vectorURI(svg),
        "alt": "F0 of both, and where spectra and PESQ differ, over time: \(clip.system), \(clip.id)",
      ]
    }
    return content
  }

  private static func facts(_ utterance: UtteranceResult) -> String {
    func seconds(_ file: FileFacts) -> String? { file.seconds.map { PlainText.number($0, decimals: 2) + " s" } }
    var facts = [
      seconds(utterance.reference).map { "reference \($0), \(utterance.reference.path)" },
      seconds(utterance.synthesis).map { "synthesis \($0), \(utterance.synthesis.path)" },
    ]
    if let alignment = utterance.alignment {
      facts.append("delay \(PlainText.number(alignment.delaySeconds * 1000, decimals: 1)) ms")
      facts.append(
        alignment.levelDifferenceDb.map { "level \($0 > 0 ? "+" : "")\(PlainText.number($0, decimals: 1)) dB" })
    }
    return facts.compactMap { $0 }.joined(separator: " · ")
  }

  private static func scores(_ utterance: UtteranceResult) -> [[String: Any]] {
    utterance.scores.enumerated().map { place, score in
      let info = MetricCatalogue.info(score.metric)
      var entry: [String: Any] = [
        "metric": score.metric, "separator": place + 1 < utterance.scores.count ? " · " : "",
      ]
      switch score.outcome {
      case .value(let value):
        let unit = info.map { $0.scale.unit.isEmpty ? "" : " \($0.scale.unit)" } ?? ""
        entry["text"] = "\(score.metric) \(PlainText.number(value, decimals: info?.scale.decimals ?? 3))\(unit)"
        entry["exact"] = value.exact
      case .undefined(let reason): entry["text"] = "\(score.metric) undefined: \(reason)"
      case .failed(let reason): entry["text"] = "\(score.metric) failed: \(reason)"
      }
      return entry
    }
  }

  private static func pictures(_ pictures: SpectrogramPictures, _ clip: ReportAssets.Clip) -> [[String: Any]] {
    let extent =
      "\(PlainText.number(pictures.seconds, decimals: 2)) s, 0 to \(PlainText.number(pictures.hertz / 1000, decimals: 1)) kHz"
    let range = "\(Int(SpectrogramPictures.range)) dB"
    let apart = Int(SpectrogramPictures.greatestDifference)
    return [
      ("reference", "Reference", "\(extent), \(range)", pictures.reference),
      (clip.system, clip.system, "\(extent), \(range)", pictures.synthesis),
      (
        "difference", "Difference",
        "synthesis less reference, −\(apart) … \(apart) dB: blue lacks, orange has too much", pictures.difference
      ),
    ].map { what, title, scale, picture in
      [
        "url": dataURI(picture.bytes, type: "image/png"), "width": picture.width, "height": picture.height,
        "alt": "Spectrogram, \(what), of \(clip.id): \(extent)", "caption": "\(title): \(scale)",
      ]
    }
  }
}
