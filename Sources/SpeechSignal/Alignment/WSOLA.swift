// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

public struct WSOLA: Sendable {
  package var window = 0.025
  package var search = 0.010
  package var penalty = 0.0
  package var whole = true
  package init() {}
  package func warp(_ synthesis: Waveform, by map: TimeMap, count: Int) -> Waveform {
    let rate = Double(synthesis.sampleRate)
    let half = Int((window / 2 * rate).rounded())
    let reach = Int((search * rate).rounded())
    let margin = 4 * half + 2 * reach
    let source = synthesis.samples
    let x = [Double](repeating: 0, count: margin) + source + [Double](repeating: 0, count: margin)
    let fade = (0..<half).map { 0.5 - 0.5 * cos(.pi * (Double($0) + 0.5) / Double(half)) }
    func target(_ k: Int) -> Int {
      let t = (map(Double(k * half) / rate) * rate).rounded()
      return margin + Int(min(max(t, Double(-half - reach)), Double(source.count + half + reach)))
    }
    var y = [Double](repeating: 0, count: count)
    var position = target(0)
    let span = whole ? 2 * half : half
    for k in 0..<(count + half - 1) / half {
      let goal = target(k + 1)
      // template
      let template = x.span.extracting(position..<position + span)
      let e0 = dotProduct(template, template)
      var best = (p: goal, value: -Double.infinity)
      if e0 > 0 {
        for offset in 0...reach {
          for p in offset == 0 ? [goal] : [goal - offset, goal + offset] {
            let c = x.span.extracting(p - half..<p - half + span)
            let e = dotProduct(c, c)
            let n = e > 0 ? dotProduct(template, c) / (e * e0).squareRoot() : 0
            let r = Double(offset) / Double(reach)
            let v = n - penalty * r * r
            if v > best.value { best = (p, v) }
          }
        }
      }
      let next = best.p
      for n in 0..<min(half, count - k * half) {
        let (a, b) = (x[position + n], x[next - half + n])
        y[k * half + n] = a + fade[n] * (b - a)
      }
      position = next
    }
    return Waveform(samples: y, sampleRate: synthesis.sampleRate)
  }
  private func dotProduct(_ x: Span<Double>, _ y: Span<Double>) -> Double {
    var sums = SIMD8<Double>(repeating: 0)
    let whole = x.count / 8 * 8
    var i = 0
    while i < whole {
      var (a, b) = (SIMD8<Double>(), SIMD8<Double>())
      for lane in 0..<8 {
        a[lane] = x[i + lane]
        b[lane] = y[i + lane]
      }
      sums += a * b
      i += 8
    }
    var sum = sums.sum()
    for i in whole..<x.count { sum += x[i] * y[i] }
    return sum
  }
}
