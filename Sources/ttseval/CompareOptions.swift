// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import AudioFiles
import Evaluation
import Foundation
import SpeechMetrics

/// `--align`.
enum AlignOption: String, ExpressibleByArgument, CaseIterable {
  case auto, none, delay, warp

  /// The class of the run; nil when that is to be found out.
  var alignment: AlignmentClass? { AlignmentClass(rawValue: rawValue) }
}

extension SilencePolicy: ExpressibleByArgument {}
extension Preset: ExpressibleByArgument {}

/// `--level`.
enum LevelOption: String, ExpressibleByArgument, CaseIterable {
  case asIs = "as-is"
  case match
}

/// `--format`.
enum FormatOption: String, ExpressibleByArgument, CaseIterable {
  case table, json, csv, markdown, html, junit, prometheus

  /// The format a file's name asks for.
  init?(path: String) {
    switch (path as NSString).pathExtension.lowercased() {
    case "json": self = .json
    case "csv": self = .csv
    case "md", "markdown": self = .markdown
    case "txt": self = .table
    case "html", "htm": self = .html
    case "xml": self = .junit
    case "prom": self = .prometheus
    default: return nil
    }
  }
}

/// `--channel`: a number from 1, or `mix`.
struct ChannelOption: ExpressibleByArgument {
  let policy: ChannelPolicy

  init?(argument: String) {
    if argument == "mix" {
      policy = .mix
    } else if let number = Int(argument), number >= 1 {
      policy = .channel(number)
    } else {
      return nil
    }
  }
}

/// `--system NAME=DIR`.
struct SystemOption: ExpressibleByArgument {
  let name: String
  let path: String

  init?(argument: String) {
    guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else { return nil }
    name = String(argument[..<sign])
    path = String(argument[argument.index(after: sign)...])
    guard !path.isEmpty else { return nil }
  }
}

/// A list typed with commas, as `--fail-on failed,unmatched`.
struct CommaSeparated<Element: RawRepresentable & CaseIterable>: ExpressibleByArgument
where Element.RawValue == String, Element: Sendable {
  let elements: [Element]

  init?(argument: String) {
    let parsed = argument.split(separator: ",").map { Element(rawValue: String($0)) }
    elements = parsed.compactMap { $0 }
    if elements.isEmpty || elements.count != parsed.count { return nil }
  }

  static var allValueStrings: [String] { Element.allCases.map(\.rawValue) }
}
