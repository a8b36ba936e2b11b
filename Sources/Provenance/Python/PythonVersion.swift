// SPDX-License-Identifier: GPL-3.0-or-later

/// A version of a Python package (PEP 440): `2.6.0+cpu` is release 2.6.0 in the build `cpu`.
public struct PythonVersion: Sendable, Hashable, CustomStringConvertible {
  /// As it is written.
  public let description: String
  /// The numbers of the release, e.g. `[2, 6, 0]`.
  public let release: [Int]
  /// What follows the plus: how it was built, e.g. `cu118`. Packages of one release and two builds do not fit together.
  public let build: String?

  /// - Returns: nil unless it begins with a number.
  public init?(_ text: String) {
    description = text.trimmed
    guard let match = description.firstMatch(of: /^v?(?:\d+!)?(\d+(?:\.\d+)*)([^+]*)(?:\+(.+))?$/) else { return nil }
    let numbers = match.1.split(separator: ".").map { Int($0) }
    guard numbers.allSatisfy({ $0 != nil }) else { return nil }
    release = numbers.compactMap { $0 }
    build = match.3.map(String.init)
  }

  init(release: [Int]) {
    description = release.map(String.init).joined(separator: ".")
    self.release = release
    build = nil
  }

  /// The first two numbers: 2.6.1 is of the line 2.6.
  public var line: ReleaseLine { ReleaseLine(release.first ?? 0, release.count > 1 ? release[1] : 0) }

  /// The release alone, e.g. `2.6.0`.
  public var base: String { release.map(String.init).joined(separator: ".") }
}

/// A release line of a package: its first two numbers.
public struct ReleaseLine: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The first number.
  public var major: Int
  /// The second number.
  public var minor: Int

  /// A line from its numbers.
  public init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// E.g. `2.6`.
  public var description: String { "\(major).\(minor)" }

  /// By number, not by text: 2.10 comes after 2.9.
  public static func < (a: ReleaseLine, b: ReleaseLine) -> Bool { (a.major, a.minor) < (b.major, b.minor) }
}
