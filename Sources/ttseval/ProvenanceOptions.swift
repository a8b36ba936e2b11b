// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import AudioFiles
import Provenance
import RunStore
import SpeechSignal

/// What is put down about the machine and the software behind a run.
struct ProvenanceOptions: ParsableArguments {
  @Flag(name: .customLong("no-provenance"), help: "Put down nothing about this machine but its name and model.")
  var isOff = false
  @Option(help: "What to call this machine (default: a hash that gives no serial number away).") var hostName: String?
  @Option(help: "The Python that made the audio: its version, and torch's and others', are read from their metadata.")
  var python: String?
  @Flag(help: "Import --python's packages, too: CUDA and cuDNN as they load.") var pythonImport = false

  func validate() throws {
    guard hostName?.isEmpty != true else { throw ValidationError("--host-name is empty") }
    guard !isOff || python == nil else { throw ValidationError("--no-provenance leaves nothing for --python to say") }
    guard !pythonImport || python != nil else { throw ValidationError("--python-import has nothing without --python") }
  }

  /// What is known of this machine.
  /// - Parameter source: the folder that is evaluated.
  func look(at source: String?) throws -> RunOrigin {
    let host = Provenance.Host.current(hostName: hostName)
    if isOff { return RunOrigin(host: host, facts: FactSheet([])) }
    let stack = try python.map { try PythonStack.read($0, importing: pythonImport) }
    return RunOrigin(
      host: host,
      facts: .gather(
        .init(tool: TTSEval.version, libraries: Self.libraries, source: source, python: stack)))
  }

  /// Versions of what is linked.
  static var libraries: [String: String] {
    var versions = [
      "fftw": FFTWVersion.current, "libsndfile": AudioLibraryVersions.libsndfile,
      "libsoxr": AudioLibraryVersions.libsoxr,
    ]
    versions["sqlite"] = RunStore.sqliteVersion
    return versions
  }
}

/// Where a run is made.
struct RunOrigin: Sendable {
  /// The machine.
  let host: Provenance.Host
  /// Machine and software in detail; empty where nobody was to look.
  let facts: FactSheet
}
