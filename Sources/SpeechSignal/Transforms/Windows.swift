// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// The window functions, by the names and the conventions of the field.
public enum Window {
  /// Hann, periodic: ½(1 − cos(2πn/N)), as spectral analysis with overlap uses it.
  /// - Parameter length: N; the result has N weights, the first of them 0.
  public static func hann(_ length: Int) -> [Double] {
    (0..<length).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(length)) }
  }

  /// Hann, symmetric: ½(1 − cos(2πn/(N−1))), first and last weight 0.
  /// - Parameter length: N ≥ 2.
  public static func symmetricHann(_ length: Int) -> [Double] {
    (0..<length).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(length - 1)) }
  }
}
