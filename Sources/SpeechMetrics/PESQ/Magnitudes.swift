// SPDX-License-Identifier: GPL-3.0-or-later

/// Searches of magnitudes, here because they go over every correlation and need the pointers too.
enum PESQMagnitudes {
  /// Replaces every value by its magnitude; the largest of them.
  ///
  /// The length is a multiple of 16.
  static func take(_ x: inout [Float]) -> Float {
    precondition(x.count % 16 == 0)
    return x.withUnsafeMutableBytes { bytes in
      var largest = SIMD4<Float>.zero
      for i in stride(from: 0, to: bytes.count, by: 16) {
        // Clearing the sign bit.
        let bits = bytes.loadUnaligned(fromByteOffset: i, as: SIMD4<UInt32>.self) & 0x7fff_ffff
        let magnitude = unsafeBitCast(bits, to: SIMD4<Float>.self)
        bytes.storeBytes(of: magnitude, toByteOffset: i, as: SIMD4<Float>.self)
        largest = larger(largest, magnitude)
      }
      return max(max(largest[0], largest[1]), max(largest[2], largest[3]))
    }
  }

  /// Appends the indices of the values above `bound` to `indices`.
  static func indices(of x: [Float], above bound: Float, appendingTo indices: inout [Int]) {
    precondition(x.count % 16 == 0)
    x.withUnsafeBytes { bytes in
      for i in stride(from: 0, to: bytes.count, by: 64) {
        let a = bytes.loadUnaligned(fromByteOffset: i, as: SIMD4<Float>.self)
        let b = bytes.loadUnaligned(fromByteOffset: i + 16, as: SIMD4<Float>.self)
        let c = bytes.loadUnaligned(fromByteOffset: i + 32, as: SIMD4<Float>.self)
        let d = bytes.loadUnaligned(fromByteOffset: i + 48, as: SIMD4<Float>.self)
        let m = larger(larger(a, b), larger(c, d))
        // Peaks are few; most groups of 16 end here.
        guard m[0] > bound || m[1] > bound || m[2] > bound || m[3] > bound else { continue }
        for j in i / 4..<i / 4 + 16 where x[j] > bound { indices.append(j) }
      }
    }
  }

  @inline(__always)
  private static func larger(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> SIMD4<Float> {
    a.replacing(with: b, where: b .> a)
  }
}
