// SPDX-License-Identifier: GPL-3.0-or-later
// No buffer here is empty, so each has a base address.
// swift-format-ignore-file: NeverForceUnwrap

/// Bins 0 ... N/2 of the transforms of real signals, one signal after the other.
package struct PESQSpectra: Sendable {
  package private(set) var re: [Float] = []
  package private(set) var im: [Float] = []
  /// Values from one spectrum to the next.
  let stride: Int

  /// - Parameters:
  ///   - length: The transform's.
  ///   - count: Number of spectra.
  package init(length: Int, count: Int = 1) {
    stride = length / 2 + 4
    grow(to: count)
  }

  var count: Int { re.count / stride }

  /// Makes room for `count` spectra.
  mutating func grow(to count: Int) {
    guard count > self.count else { return }
    let added = count * stride - re.count
    re.append(contentsOf: repeatElement(0, count: added))
    im.append(contentsOf: repeatElement(0, count: added))
  }

  /// Real and imaginary parts of one spectrum, to write to.
  mutating func withPointers(
    _ slot: Int, _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) {
    precondition(slot >= 0 && slot < count)
    let offset = slot * stride
    re.withUnsafeMutableBufferPointer { re in
      im.withUnsafeMutableBufferPointer { im in
        body(re.baseAddress! + offset, im.baseAddress! + offset)
      }
    }
  }

  /// The same, to read.
  func withPointers(
    _ slot: Int, _ body: (UnsafePointer<Float>, UnsafePointer<Float>) -> Void
  ) {
    precondition(slot >= 0 && slot < count)
    let offset = slot * stride
    re.withUnsafeBufferPointer { re in
      im.withUnsafeBufferPointer { im in
        body(re.baseAddress! + offset, im.baseAddress! + offset)
      }
    }
  }
}
