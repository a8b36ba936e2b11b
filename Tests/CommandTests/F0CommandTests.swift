// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

@Suite struct F0CommandTests {
  let ttseval: CommandLine
  init() throws { ttseval = try CommandLine() }

  private struct Track: Decodable {
    let tracker: String
    let floor: Double
    let times: [Double]
    let f0: [Double]
  }

  private struct Explanation: Decodable {
    struct Curves: Decodable {
      let times: [Double]
      let reference: [Double]
      let synthesis: [Double]
    }
    let curves: Curves
  }

  private func track(_ arguments: String...) throws -> Track {
    let output = try ttseval(["f0"] + arguments + ["--format", "json"])
    #expect(output.status == 0, "\(output.stderr)")
    return try JSONDecoder().decode(Track.self, from: Data(output.stdout.utf8))
  }

  @Test func bothFormatsSayTheSame() throws {
    try ttseval.speech("a.wav", seed: 1, sampleRate: 16_000)
    for tracker in ["harvest", "dio", "praat", "pyin", "kaldi"] {
      let json = try track("a.wav", "--f0", tracker)
      #expect(json.tracker == tracker && json.floor == 71)
      #expect(json.f0.count { $0 > 0 } > 50)
      let csv = try ttseval("f0", "a.wav", "--f0", tracker).stdout.split(separator: "\n")
      #expect(csv[0] == "time,f0")
      let rows = csv.dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
      #expect(rows.map { $0[0] } == json.times && rows.map { $0[1] } == json.f0)
    }
  }

  @Test func theRangeIsKept() throws {
    try ttseval.speech("a.wav", seed: 1, sampleRate: 16_000)
    // The voice moves from 110 to 169 Hz.
    for tracker in ["harvest", "praat", "pyin", "kaldi"] {
      let high = try track("a.wav", "--f0", tracker, "--f0-range", "140-400")
      #expect(high.floor == 140 && high.f0.allSatisfy { $0 == 0 || (139...401).contains($0) })
      #expect(high.f0.count { $0 > 0 } > 20, "\(tracker)")
    }
    for range in ["80-40", "71", "71-100", "10-800", "a-b", "71-800-900"] {
      #expect(try ttseval("f0", "a.wav", "--f0-range", range).status == 64, "\(range)")
    }
  }

  @Test func whatIsNoRecordingIsNamed() throws {
    try Data("text".utf8).write(to: URL(fileURLWithPath: ttseval.folder + "/b.wav"))
    try ttseval.speech("a.wav", seed: 1, sampleRate: 16_000)
    for arguments in [["b.wav"], ["missing.wav"], ["a.wav", "--rate", "48000"]] {
      let output = try ttseval(["f0"] + arguments)
      #expect(output.status == 3 && output.stdout.isEmpty)
      #expect(output.stderr.contains(arguments[0]), "\(output.stderr)")
    }
  }

  @Test func aConstantHasNoContour() throws {
    try ttseval.speech("flat.wav", seed: 1) { _, _ in 0.25 }
    let output = try ttseval("f0", "flat.wav", "--f0", "pyin")
    #expect(output.status == 3)
    #expect(output.stderr.contains("flat.wav: no sound, every sample is 0.25"), "\(output.stderr)")
  }

  /// A buzz of 141.5 Hz, within 1 % of a ceiling of 142 Hz.
  private func buzz(_ path: String) throws {
    try ttseval.speech(path, seed: 1, sampleRate: 16_000) { n, _ in
      0.3 * (Double(n) * 141.5 / 16_000).truncatingRemainder(dividingBy: 1) - 0.15
    }
  }

  @Test func aRangeThatCutsIsWarnedOf() throws {
    try buzz("a.wav")
    let warning = "of the voiced frames lie at a bound of the F0 range"
    #expect(try ttseval("f0", "a.wav", "--f0", "praat", "--f0-range", "71-142").stderr.contains(warning))
    #expect(try !ttseval("f0", "a.wav", "--f0", "praat").stderr.contains(warning))
  }

  /// Also where the scores come from the store.
  @Test func aRunWarnsOfItTheSecondTimeToo() throws {
    for folder in ["ref", "syn"] { try buzz("\(folder)/a.wav") }
    let arguments = ["compare", "ref", "syn", "--metrics", "vde", "--f0", "praat", "--f0-range", "71-142"]
    let outputs = try (0..<2).map { _ in try ttseval(arguments).stderr }
    #expect(outputs.allSatisfy { $0.contains("lie at a bound of the F0 range") }, "\(outputs)")
    #expect(outputs[1].contains("had been computed before"))
  }

  @Test func aPictureNeverTakesTheRecordingsPlace() throws {
    try ttseval.speech("a.wav", seed: 1, sampleRate: 16_000)
    try FileManager.default.createSymbolicLink(
      atPath: ttseval.folder + "/picture.svg", withDestinationPath: ttseval.folder + "/a.wav")
    let output = try ttseval("explain", "a.wav", "a.wav", "--plot", "picture.svg")
    #expect(output.status == 3 && output.stderr.contains("one of the two recordings"), "\(output.stderr)")
  }

  @Test func thePicturesCurvesAreTheTrack() throws {
    try ttseval.pairs()
    let output = try ttseval("explain", "ref/u1.wav", "syn/u1.wav", "--format", "json", "--plot", "deep/p.svg")
    #expect(output.status == 0, "\(output.stderr)")
    let curves = try JSONDecoder().decode(Explanation.self, from: Data(output.stdout.utf8)).curves
    let whole = try track("ref/u1.wav")
    let first = try #require(whole.times.firstIndex { abs($0 - curves.times[0]) < 1e-9 })
    #expect(curves.reference == Array(whole.f0[first..<first + curves.reference.count]))
    #expect(curves.reference.count { $0 > 0 } > 50)
    let heard = try track("syn/u1.wav")
    #expect(curves.synthesis == Array(heard.f0[first..<first + curves.synthesis.count]))
    let svg = try String(contentsOfFile: ttseval.folder + "/deep/p.svg", encoding: .utf8)
    #expect(svg.contains("id=\"reference\"") && svg.contains("id=\"disturbance\""))
    #expect(try ttseval("explain", "ref/u1.wav", "syn/u1.wav", "--plot", "ref/u1.wav").status == 64)
    #expect(try ttseval("explain", "ref/u1.wav", "syn/u1.wav").stdout.contains("F0 errors"))
  }

  /// Praat's frame is three periods of the floor, 75 ms: a clip of 60 ms has no contour, and no score of zero errors.
  @Test func aClipTooShortForTheTrackerHasNoScore() throws {
    try ttseval.speech("a.wav", seed: 1, seconds: 0.06)
    let arguments = [
      "compare", "a.wav", "a.wav", "--metrics", "vde", "--align", "none", "--silence", "keep", "--quiet",
    ]
    let praat = try ttseval(arguments + ["--f0", "praat", "--f0-range", "40-800", "--format", "csv"]).stdout
    #expect(praat.contains("undefined,,the reference is shorter than a frame of the F0 tracker"), "\(praat)")
    #expect(try ttseval(arguments + ["--format", "csv"]).stdout.contains("vde,value,"))
    #expect(try ttseval("f0", "a.wav", "--f0", "praat", "--f0-range", "40-800").status == 3)
  }

  @Test func theTrackerStandsInSignatureAndTable() throws {
    try ttseval.pairs()
    let arguments = ["compare", "ref", "syn", "--metrics", "vde,mcd", "--quiet"]
    let usual = try ttseval(arguments).stdout
    let other = try ttseval(arguments + ["--f0", "dio", "--f0-range", "60-500"])
    #expect(!usual.contains("harvest") && other.stdout.contains("vde (dio-60-500Hz)"))
    #expect(!other.stdout.contains("mcd (dio"))
    let json = try ttseval(arguments + ["--f0", "dio", "--format", "json"]).stdout
    #expect(json.contains("vde|f0:dio-71-800Hz|frame:5ms|") && json.contains("mcd|f0:harvest-71-800Hz|"))
  }

  @Test func aRangeTooNarrowIsWarnedOf() throws {
    for side in ["ref", "syn"] {
      try ttseval.speech("\(side)/a.wav", seed: 1) { n, speech in
        speech + 0.5 * (Double(n % 160) / 160 - 0.5)  // a sawtooth of 100 Hz
      }
    }
    let arguments = ["compare", "ref", "syn", "--metrics", "vde", "--f0", "praat", "--f0-range"]
    #expect(!(try ttseval(arguments + ["71-800"]).stderr.contains("--f0-range")))
    let narrow = try ttseval(arguments + ["99.5-400"])
    let words = "of the voiced frames, the reference's included, lie at a bound of the F0 range; see --f0-range"
    #expect(narrow.stderr.contains(words), "\(narrow.stderr)")
  }
}
