// SPDX-License-Identifier: GPL-3.0-or-later
internal import Mustache

/// Our escape, in place of the library's, which looks for characters: `"` with a mark behind it is none, and neither is `<` behind a
/// letter that leads its character. See ``PlainText``.
struct EscapedText: MustacheContentType {
  func escapeText(_ text: String) -> String { PlainText.xml(text) }

  static let name = "TTSEVAL"

  /// A template whose tags all escape this way. The library keeps kinds of content in a table of the process, which is locked;
  /// writing ours again changes nothing.
  /// - Parameter text: part of the program: one that is not well-formed is a programmer's error.
  static func template(_ text: String) -> MustacheTemplate {
    MustacheContentTypes.register(EscapedText(), named: name)
    do {
      return try MustacheTemplate(string: "{{% CONTENT_TYPE: \(name)}}\n" + text)
    } catch {
      preconditionFailure("a template is well-formed: \(error)")
    }
  }
}

extension Double {
  /// The shortest text that gives the same number back, here and in JavaScript.
  var exact: String { "\(self)" }
}
