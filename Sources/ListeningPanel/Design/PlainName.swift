// SPDX-License-Identifier: GPL-3.0-or-later

extension String {
  /// The name with its control characters as Swift writes them, `a\u{1B}[31m`; nil where it has none, and can be shown and stored.
  var escapedName: String? {
    func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control }
    guard unicodeScalars.contains(where: isControl) else { return nil }
    return unicodeScalars.map { isControl($0) ? $0.escaped(asASCII: true) : String($0) }.joined()
  }
}
