// SPDX-License-Identifier: GPL-3.0-or-later

import Degradations
import Foundation

let usage = """
  Usage: degrade IN.wav SYSTEMS_DIR
         degrade --all REFERENCE_DIR SYSTEMS_DIR
         degrade --list

  Damages 16-bit mono wav files in every known way, one folder per way:
  SYSTEMS_DIR/<degradation>/<name of the input>.wav. The same input gives the same
  files to the bit; the seed of each clip comes from its name without ".wav".

    --all    every .wav file of REFERENCE_DIR
    --list   prints the names of the degradations
    --help   prints this

  Exit status: 0 done, 1 a file could not be read or written, 2 wrong arguments.
  """

func fail(_ message: String, status: Int32) -> Never {
  FileHandle.standardError.write(Data("degrade: \(message)\n".utf8))
  exit(status)
}

func degrade(_ input: String, into systems: String) throws {
  let source = URL(fileURLWithPath: input)
  let id = source.deletingPathExtension().lastPathComponent
  let clip = try RiffFile(path: input)
  let seed = Degradation.seed(clip: id)
  for degradation in Degradation.all {
    let folder = URL(fileURLWithPath: systems).appendingPathComponent(degradation.name)
    try naming(folder.path) {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    let samples = degradation.apply(to: clip.samples, sampleRate: clip.sampleRate, seed: seed)
    let result = RiffFile(sampleRate: clip.sampleRate, samples: samples)
    try result.write(path: folder.appendingPathComponent("\(id).wav").path)
  }
}

/// The .wav files of `folder` by name; hidden files are none of ours.
func clips(in folder: String) throws -> [String] {
  let names = try naming(folder) { try FileManager.default.contentsOfDirectory(atPath: folder) }
    .filter { $0.hasSuffix(".wav") && !$0.hasPrefix(".") }
    .sorted()
  guard !names.isEmpty else { throw RiffError(path: folder, reason: "no .wav file in this folder") }
  return names.map { URL(fileURLWithPath: folder).appendingPathComponent($0).path }
}

let arguments = Array(CommandLine.arguments.dropFirst())
do {
  switch (arguments.first, arguments.count) {
  case ("--help", 1), ("-h", 1):
    print(usage)
  case ("--list", 1):
    for degradation in Degradation.all { print(degradation.name) }
  case ("--all", 3):
    for clip in try clips(in: arguments[1]) { try degrade(clip, into: arguments[2]) }
  case (.some(let input), 2) where !input.hasPrefix("-"):
    try degrade(input, into: arguments[1])
  default:
    fail("wrong arguments\n\n\(usage)", status: 2)
  }
} catch {
  fail("\(error)", status: 1)
}
