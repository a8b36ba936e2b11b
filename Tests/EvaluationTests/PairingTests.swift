// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Testing

@Suite struct PairingTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  func pairing(_ systems: [String], pattern: String? = nil) throws -> Pairing {
    try Pairing(
      reference: folder.path + "/ref", systems: systems.map { Pairing.Argument(path: folder.path + "/" + $0) },
      pattern: pattern)
  }

  @Test func pairsByRelativePathAcrossFormats() throws {
    for file in ["ref/a.wav", "ref/deep/b.flac", "ref/c.wav", "syn/a.mp3", "syn/deep/b.OPUS", "syn/d.wav", "syn/x.txt"]
    {
      try folder.touch(file)
    }
    let pairing = try pairing(["syn"])
    #expect(pairing.utterances.map(\.id) == ["a", "deep/b"])
    #expect(pairing.utterances[1].syntheses[0] == .file(folder.path + "/syn/deep/b.OPUS"))
    #expect(pairing.unmatched.reference == [folder.path + "/ref/c.wav"])
    #expect(pairing.unmatched.synthesis == [folder.path + "/syn/d.wav"])
  }

  @Test func hiddenFilesAreLeftOut() throws {
    for file in ["ref/a.wav", "ref/._a.wav", "ref/.cache/b.wav", "syn/a.wav", "syn/._a.wav"] { try folder.touch(file) }
    #expect(try pairing(["syn"]).utterances.map(\.id) == ["a"])
  }

  @Test func aPatternMakesTheId() throws {
    for file in ["ref/a.wav", "ref/b.wav", "syn/a_gen.wav", "syn/b_gen.wav"] { try folder.touch(file) }
    #expect(try pairing(["syn"], pattern: "(.*)_gen").utterances.map(\.id) == ["a", "b"])
    #expect(throws: PairingError.badPattern("(", reason: "not a regular expression")) {
      try pairing(["syn"], pattern: "(")
    }
  }

  @Test func twoFilesOfOneIdAreBothNamed() throws {
    for file in ["ref/a.wav", "ref/b.wav", "syn/a.wav", "syn/a.flac", "syn/b.wav"] { try folder.touch(file) }
    let pairing = try pairing(["syn"])
    #expect(
      pairing.utterances[0].syntheses[0]
        == .ambiguous([folder.path + "/syn/a.flac", folder.path + "/syn/a.wav"]))
    #expect(pairing.utterances[1].syntheses[0] == .file(folder.path + "/syn/b.wav"))
  }

  @Test func namesWithAnything() throws {
    let names = ["new\nline", "quo\"te", "<script>alert(1)</script>", "😀", "\u{301}accent", "a'b", "…"]
      .map { $0.replacing("/", with: "") }
    for name in names {
      try folder.touch("ref/\(name).wav")
      try folder.touch("syn/\(name).wav")
    }
    #expect(try pairing(["syn"]).utterances.map(\.id) == names.sorted())
  }

  @Test func aLoopOfLinksEnds() throws {
    for file in ["ref/a.wav", "syn/a.wav"] { try folder.touch(file) }
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/ref/loop", withDestinationPath: folder.path + "/ref")
    #expect(try pairing(["syn"]).utterances.map(\.id) == ["a"])
  }

  @Test func whatCannotPairSaysWhy() throws {
    for file in ["ref/a.wav", "syn/b.wav", "empty/readme.txt", "file.wav"] { try folder.touch(file) }
    let root = folder.path
    #expect(throws: PairingError.missing(root + "/gone")) { try pairing(["gone"]) }
    #expect(throws: PairingError.noAudio(root + "/empty")) { try pairing(["empty"]) }
    #expect(throws: PairingError.fileForFolder(folder: root + "/ref", file: root + "/file.wav")) {
      try pairing(["file.wav"])
    }
    #expect(throws: PairingError.nothingPairs(reference: "a", synthesis: "b", folder: root + "/syn")) {
      try pairing(["syn"])
    }
  }

  @Test func systemsAreNamedByTheShortestSuffixThatTellsThemApart() throws {
    for file in ["ref/wavs/a.wav", "modelA/wavs/a.wav", "modelB/wavs/a.wav", "other/a.wav"] { try folder.touch(file) }
    let systems = ["modelA/wavs", "modelB/wavs/"].map { Pairing.Argument(path: folder.path + "/" + $0) }
    #expect(
      try Pairing(reference: folder.path + "/ref/wavs", systems: systems).systems.map(\.name) == ["modelA", "modelB"])
    let one = [Pairing.Argument(path: folder.path + "/modelA/wavs")]
    #expect(try Pairing(reference: folder.path + "/ref/wavs", systems: one).systems.map(\.name) == ["modelA"])
    let mixed = ["modelA/wavs", "modelB/wavs", "other"].map { Pairing.Argument(path: folder.path + "/" + $0) }
    #expect(
      try Pairing(reference: folder.path + "/ref/wavs", systems: mixed).systems.map(\.name)
        == ["modelA/wavs", "modelB/wavs", "other"])
    let twice = [one[0], one[0]]
    #expect(throws: PairingError.sameName("modelA")) {
      try Pairing(reference: folder.path + "/ref/wavs", systems: twice)
    }
  }

  @Test func twoFilesAreAPair() throws {
    for file in ["x.wav", "y.wav"] { try folder.touch(file) }
    let pairing = try Pairing(reference: folder.path + "/x.wav", systems: [.init(path: folder.path + "/y.wav")])
    #expect(pairing.utterances.map(\.id) == ["x"])
    #expect(pairing.systems.map(\.name) == ["y"])
  }

  @Test func aCSVNamesPairs() throws {
    let csv = "id,reference,old,new\r\nu1,r/1.wav,o/1.wav,\"n/1, take 2.wav\"\r\nu2,r/2.wav,,n/2.wav\r\n\r\n"
    try Data(csv.utf8).write(to: URL(fileURLWithPath: try folder.path("pairs.csv")))
    let pairing = try Pairing(csv: folder.path + "/pairs.csv")
    #expect(pairing.systems.map(\.name) == ["old", "new"])
    #expect(pairing.utterances.map(\.id) == ["u1", "u2"])
    #expect(pairing.utterances[0].syntheses[1] == .file(folder.path + "/n/1, take 2.wav"))
    #expect(pairing.utterances[1].syntheses.map { $0 != nil } == [false, true])
  }

  @Test(
    arguments: [
      ("name,reference,a\n1,2,3\n", "the heading must be id,reference,SYSTEM… with commas, and is name,reference,a"),
      ("id,reference,a\nu1,r.wav,s.wav\nu1,r.wav,t.wav\n", "row 3 repeats the id “u1”"),
      ("id,reference,a\nu1,r.wav,\n", "no row has a synthesis"),
    ])
  func aBadCSVSaysWhere(text: String, reason: String) throws {
    let path = try folder.path("pairs.csv")
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: PairingError.badCSV(path, reason: reason)) { try Pairing(csv: path) }
  }
}
