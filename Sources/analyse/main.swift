// SPDX-License-Identifier: GPL-3.0-or-later
import CMalloc
import Degradations
import Foundation
import SpeechSignal

// The analyses by themselves, for comparison with the packages whose numbers they reproduce: accuracy
// (Tests/Oracles/compare_with_world.py) and CPU time. All files are raw 64-bit little-endian floats.
//
//   analyse harvest RATE SAMPLES OUT        any F0 tracker by its name: time in s and F0 in Hz of each frame
//   analyse cheaptrick RATE SAMPLES OUT F0  natural log of the power spectrum under that F0, every 5 ms, frame by frame
//   analyse sp2mc RATE POWER OUT            mel-cepstra of order 24 of such power spectra
//   analyse mcep RATE SAMPLES OUT           mel-cepstra of order 24 of Hamming windows of 1024 samples every 256
//
// prints the CPU seconds of the analysis alone, the least of three, and
//
//   analyse truth RATE                      how near every tracker comes to sounds of known F0, as a Markdown table
//
// `analyse count`, `analyse time` (Stages.swift) and `analyse floor` (Floor.swift) are what Benchmarks/ is made of.

/// The order of mel-cepstra.
let order = 24

/// Ends as a wrong command line does.
func stop(_ reason: String) -> Never {
  FileHandle.standardError.write(Data((reason + "\n").utf8))
  exit(64)
}

func read(_ path: String) throws -> [Double] {
  let data = try Data(contentsOf: URL(fileURLWithPath: path))
  return data.withUnsafeBytes { bytes in
    (0..<bytes.count / 8).map { Double(bitPattern: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)) }
  }
}

func write(_ values: [Double], _ path: String) throws {
  try values.withUnsafeBytes { Data($0) }.write(to: URL(fileURLWithPath: path))
}

/// The result, and the CPU seconds of the quickest of three times.
func timed<Result>(_ body: () throws -> Result) rethrows -> (Result, Double) {
  var least = Double.infinity
  var result = try body()
  for _ in 0..<3 {
    let start = clock()
    result = try body()
    least = min(least, Double(clock() - start) / Double(CLOCKS_PER_SEC))
  }
  return (result, least)
}

func windows(_ samples: [Double]) -> [[Double]] {
  let hamming = (0..<1024).map { 0.54 - 0.46 * cos(2 * .pi * Double($0) / 1023) }
  return stride(from: 0, through: samples.count - 1024, by: 256).map { start in
    zip(samples[start..<start + 1024], hamming).map { $0 * $1 }
  }
}

func analyse(_ stage: String, _ rate: Int, _ input: [Double], f0: [Double]) throws -> ([Double], Double) {
  if let tracker = F0Method.Tracker(rawValue: stage) {
    let made = F0Method(tracker).make(sampleRate: rate)
    let (track, seconds) = try timed { try made.track(Waveform(samples: input, sampleRate: rate)) }
    return (zip(track.times, track.f0).flatMap { [$0, $1] }, seconds)
  }
  let alpha = MelCepstrum.alpha(sampleRate: rate)
  let cheapTrick = CheapTrick(sampleRate: rate)
  switch stage {
  case "cheaptrick":
    let track = F0Track(times: f0.indices.map { Double($0) * 0.005 }, f0: f0)
    let (envelope, seconds) = try timed { try cheapTrick.envelope(Waveform(samples: input, sampleRate: rate), track) }
    return (envelope.logPower, seconds)
  case "sp2mc":
    let bins = cheapTrick.binCount
    let mel = MelCepstrum(order: order, alpha: alpha, binCount: bins)
    // Outside: our envelopes are logarithms from the start, theirs are not.
    let logPower = input.map { log($0) }
    return timed { mel.cepstra(logPower: logPower, frameCount: input.count / bins) }
  case "mcep":
    let analysis = MelCepstralAnalysis(order: order, alpha: alpha, fftLength: 1024, floor: .added(1e-6))
    let frames = windows(input)
    return try timed { try frames.flatMap { try analysis.cepstrum(frame: $0) } }
  default:
    stop("no analysis is called \(stage)")
  }
}

/// Per sound and tracker: median error in cents, and in percent gross errors, missed frames and false alarms, where there are.
func truth(_ rate: Int) throws -> String {
  let trackers = F0Method.Tracker.allCases
  var table =
    "| sound |" + trackers.map { " \($0.rawValue) |" }.joined() + "\n|---|" + trackers.map { _ in "---|" }.joined()
  for sound in KnownPitch.all {
    let waveform = Waveform(samples: sound.samples(sampleRate: rate), sampleRate: rate)
    table += "\n| \(sound.name) |"
    for tracker in trackers {
      let track = try F0Method(tracker).make(sampleRate: rate).track(waveform)
      let accuracy = PitchAccuracy(sound, times: track.times, f0: track.f0)
      let shares = [("gross", accuracy.gross), ("missed", accuracy.missed), ("false", accuracy.falseAlarms)]
        .filter { $0.1 >= 0.0005 }.map { String(format: ", %@ %.1f", $0.0, 100 * $0.1) }
      table += " " + (accuracy.medianCents.map { String(format: "%.2f", $0) } ?? "–") + shares.joined() + " |"
    }
  }
  return table
}

/// What is asked for by a word other than a stage's.
func answer(_ words: [String]) throws -> String? {
  switch (words.first, words.count) {
  case ("truth", 2):
    guard let rate = Int(words[1]) else { return nil }
    return try truth(rate)
  case ("count", 5):
    guard let stage = Stage(rawValue: words[1]), let rate = Int(words[2]), let seconds = Int(words[3]),
      let times = Int(words[4])
    else { return nil }
    let run = try stage.prepared(.synthetic(sampleRate: rate, seconds: seconds))
    for _ in 0..<times { try run() }
    return ""
  case ("time", 4), ("time", 5):
    let stages = words[2].split(separator: ",").compactMap { Stage(rawValue: String($0)) }
    guard let rate = Int(words[1]) else { return nil }
    return try timeStages(rate, stages, list: words[3], times: words.count > 4 ? Int(words[4]) ?? 1 : 1)
  case ("floor", 2):
    guard let rate = Int(words[1]) else { return nil }
    return try floors(rate)
  default: return nil
  }
}

// As `ttseval compare` does.
keep_freed_memory()
let arguments = CommandLine.arguments
if let text = try answer(Array(arguments.dropFirst())) {
  print(text)
  exit(0)
}
guard arguments.count >= 5, let rate = Int(arguments[2]) else {
  stop("usage: analyse STAGE RATE INPUT OUTPUT [F0]")
}
let f0 = arguments.count > 5 ? try read(arguments[5]) : []
let (values, seconds) = try analyse(arguments[1], rate, read(arguments[3]), f0: f0)
try write(values, arguments[4])
print(seconds)
