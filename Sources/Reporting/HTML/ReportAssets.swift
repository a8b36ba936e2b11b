// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Foundation

/// What a page shows of single utterances beside their numbers: gathered by the caller, as a report opens no file.
public struct ReportAssets: Sendable, Equatable {
  /// The utterances, in the order to be shown; see ``WorstUtterances``.
  public var clips: [Clip]

  /// Assets of these utterances.
  public init(clips: [Clip] = []) { self.clips = clips }

  /// What is at hand of one system's utterance; everything but its names may be lacking.
  public struct Clip: Sendable, Equatable {
    /// The system's name in the run.
    public var system: String
    /// The utterance's id.
    public var id: String
    /// The natural recording, to be heard.
    public var reference: Sound?
    /// What the system made, likewise.
    public var synthesis: Sound?
    /// Both in pictures.
    public var spectrograms: SpectrogramPictures?
    /// Why there is nothing to see and hear; nil where there is.
    public var missing: String?
    /// F0 of both, and where spectra and PESQ differ.
    public var curves: PairCurves?

    /// A clip from its parts.
    public init(
      system: String, id: String, reference: Sound? = nil, synthesis: Sound? = nil,
      spectrograms: SpectrogramPictures? = nil, curves: PairCurves? = nil, missing: String? = nil
    ) {
      self.missing = missing
      self.system = system
      self.id = id
      self.reference = reference
      self.synthesis = synthesis
      self.spectrograms = spectrograms
      self.curves = curves
    }
  }

  /// Where a player finds its sound.
  public enum Sound: Sendable, Equatable {
    /// In the page: a whole file and its type, e.g. `audio/ogg`.
    case embedded([UInt8], mediaType: String)
    /// Beside the page: a path relative to it, or absolute.
    case linked(path: String)

    /// A URL that leads to a file or to the bytes, whatever the path is.
    var url: String {
      switch self {
      case .embedded(let bytes, let type): return dataURI(bytes, type: type)
      case .linked(let path):
        let isPlain: (UInt8) -> Bool = { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "~"), UInt8(ascii: "/"):
            true
          default: false
          }
        }
        // A colon could begin another scheme, and two slashes another host.
        let encoded = path.utf8.map { isPlain($0) ? String(UnicodeScalar($0)) : String(format: "%%%02X", Int($0)) }
          .joined()
        let isAbsolute = encoded.hasPrefix("/")
        let parts = encoded.split(separator: "/", omittingEmptySubsequences: true).joined(separator: "/")
        return (isAbsolute ? "/" : "./") + parts
      }
    }
  }
}

/// Bytes as a URL of themselves.
func dataURI(_ bytes: some DataProtocol, type: String) -> String {
  "data:\(PlainText.xml(type));base64,\(Data(bytes).base64EncodedString())"
}

/// A picture of text as a URL of itself: a picture of its own, so that its style and its ids stay within. Shorter than base64.
func vectorURI(_ svg: String) -> String {
  var url = "data:image/svg+xml,"
  for scalar in svg.unicodeScalars {
    switch scalar {
    case "<", ">", "#", "%", "\"", "'", "&", "\n", "\r", "\t": url += String(format: "%%%02X", Int(scalar.value))
    case _ where scalar.isASCII: url.unicodeScalars.append(scalar)
    default: url += String(scalar).utf8.map { String(format: "%%%02X", Int($0)) }.joined()
    }
  }
  return url
}
