// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// The lines that go to and come from a worker.
enum WorkerLine {
  /// `{"id":…,"out":…,"seed":…,"text":…}`
  static func request(_ request: SpeechRequest) -> String {
    struct Line: Encodable {
      let id: String
      let text: String
      let out: String
      let seed: Int
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line = Line(
      id: request.utterance.id, text: request.utterance.text, out: request.file.temporaryPath, seed: request.seed)
    // Strings and whole numbers always encode.
    return (try? encoder.encode(line)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  /// What a line of a worker's stdout means.
  enum Answer: Equatable {
    /// Something else, of a library that prints, say.
    case none
    case ready
    case done
    case failed(SynthesisFailure)
  }

  /// Reads a line while the answer for an id is awaited.
  ///
  /// An object with `"ready":true`, or with an `"id"`, is meant for us; anything else is not.
  static func answer(_ line: String, awaiting id: String?) -> Answer {
    guard line.drop(while: \.isWhitespace).first == "{",
      let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    else { return .none }
    if object["ready"] as? Bool == true { return .ready }
    guard let answered = object["id"] else { return .none }
    guard let id else { return .failed(.badAnswer("an answer before there was a line: \(line.prefix(200))")) }
    guard answered as? String == id else {
      return .failed(.badAnswer("for “\(answered)” where “\(id)” was asked for"))
    }
    if let reason = object["error"], !(reason is NSNull) { return .failed(.refused("\(reason)")) }
    switch object["ok"] as? Bool {
    case true: return .done
    case false: return .failed(.refused("not ok, and no “error”"))
    default: return .failed(.badAnswer("neither “ok” nor “error”: \(line.prefix(200))"))
    }
  }
}
