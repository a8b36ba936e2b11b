// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import Foundation

/// Names systems by the shortest path suffix that tells each from the others and from the reference.
///
/// Trailing components that all share say nothing and are dropped first: `out/modelA/wavs` and `out/modelB/wavs` are
/// `modelA` and `modelB`.
enum SystemNames {
  /// Names in the order of `systems`; equal paths give equal names.
  static func names(of systems: [String], beside reference: String) -> [String] {
    var all = ([reference] + systems).map(components)
    // Where there is but one path, nothing tells apart and the last component is as good as any.
    while Set(all).count > 1, all.allSatisfy({ $0.count > 1 }), Set(all.map(\.last)).count == 1 {
      all = all.map { $0.dropLast() }
    }
    return all.dropFirst().map { path in
      let others = all.filter { $0 != path }
      let length = (1...path.count).first { length in !others.contains { $0.suffix(length) == path.suffix(length) } }
      return path.suffix(length ?? path.count).joined(separator: "/")
    }
  }

  private static func components(_ path: String) -> ArraySlice<String> {
    let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
    let stem = AudioTree.stem(absolute) ?? absolute
    let parts = stem.split(separator: "/").map(String.init)
    return parts.isEmpty ? ["/"] : parts[...]
  }
}
