// SPDX-License-Identifier: GPL-3.0-or-later

/// The recordings of a plan.
extension Planner {
  /// Looks at every recording that is played, and decides the gain of each.
  mutating func stimuli(_ table: StimulusTable) throws(PanelError) -> [Stimulus] {
    var looked: [StimulusCheck?] = []
    for entry in table.entries {
      do throws(StimulusCheck.Unfit) {
        looked.append(try StimulusCheck(design.resolved(entry.path), lowpass: entry.lowpass, level: design.level))
      } catch {
        problems.append("\(design.resolved(entry.path)): \(error.reason)")
        looked.append(nil)
      }
    }
    let checks = looked.compactMap(\.self)
    guard problems.isEmpty, checks.count == table.entries.count else { throw .stimuli(problems) }
    for (entry, check) in zip(table.entries, checks) where entry.lowpass == nil {
      notes += check.notes.map { "\(entry.path): \($0)" }
    }
    sameSound(table, checks)

    // −26 dB or −23 LUFS, or below where the peak of a recording would pass full scale.
    let isLoudness = design.level == .loudness
    let levels = checks.map { $0.loudness ?? $0.activeLevel }
    let room = zip(levels, checks).map { $0 - $1.peak }.min() ?? 0
    let usual = isLoudness ? Loudness.target : -26
    let target = min(usual, (room * 10).rounded(.down) / 10)
    let spread = (levels.max() ?? 0) - (levels.min() ?? 0)
    if design.level == .asIs {
      if spread > 6 { notes.append("levels differ by \(Int(spread)) dB and are left as they are") }
    } else if target < usual {
      let (name, unit) = isLoudness ? ("loudness", "LUFS") : ("active level", "dB")
      notes.append("\(name) of all: \(target) \(unit), so that no peak is cut (−\(Int(-usual)) \(unit) is usual)")
    }
    if Set(checks.map(\.sampleRate)).count > 1 {
      notes.append(
        "sample rates differ: " + Set(checks.map(\.sampleRate)).sorted().map { "\($0) Hz" }.joined(separator: ", "))
    }
    return table.entries.indices.map { place in
      let (entry, check) = (table.entries[place], checks[place])
      return Stimulus(
        system: entry.system, utterance: entry.utterance, path: entry.path, sha256: check.fileSHA256,
        sampleRate: check.sampleRate, channels: check.channels, frames: check.frames, format: check.format,
        activeLevel: check.activeLevel, loudness: check.loudness, peak: check.peak,
        gain: design.level == .asIs ? 0 : target - levels[place], lowpass: entry.lowpass)
    }
  }

  private mutating func sameSound(_ table: StimulusTable, _ checks: [StimulusCheck]) {
    var seen: [String: String] = [:]
    for (entry, check) in zip(table.entries, checks) where !entry.system.isEmpty && entry.lowpass == nil {
      if let other = seen[check.audioSHA256] {
        notes.append("\(entry.path) is the same sound as \(other)")
      } else {
        seen[check.audioSHA256] = entry.path
      }
    }
  }
}

/// Recordings as they are first needed.
struct StimulusTable {
  struct Entry {
    let system: String
    let utterance: String
    let path: String
    let lowpass: Int?
  }
  private(set) var entries: [Entry] = []
  private var places: [String: Int] = [:]

  mutating func index(_ system: String, _ utterance: String, _ path: String, _ lowpass: Int?) -> Int {
    let key = "\(system)\n\(path)"
    if let place = places[key] { return place }
    places[key] = entries.count
    entries.append(Entry(system: system, utterance: utterance, path: path, lowpass: lowpass))
    return entries.count - 1
  }
}
