// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// The maximum of a function on an interval by values alone: R. P. Brent, "Algorithms for Minimization without Derivatives",
/// Prentice-Hall 1973, chapter 5.
///
/// The three best points so far lay a parabola, whose top is tried next; where it is no good (outside the interval, or the step not
/// smaller than a golden section's would be) the longer part of the interval is cut by the golden section instead.
/// Close to a flat maximum the values stop differing in their last bits, so the place is no better than about √ε.
///
/// Where a function has two maxima, which of them is found follows from the steps. Praat looks for its peaks in this way,
/// and with two humps on one peak the same steps find the same hump.
package enum BrentMaximum {
  /// Steps that are enough on any interval.
  private static let limit = 60
  /// Part of an interval that the golden section takes off.
  private static let golden = (3 - sqrt(5.0)) / 2
  private static let relativeTolerance = sqrt(Double.ulpOfOne)

  private struct Point {
    let place: Double
    let height: Double
  }

  /// - Parameters:
  ///   - low: one end.
  ///   - high: the other.
  ///   - tolerance: of the place, besides √ε of it.
  ///   - function: its values need not be finite.
  /// - Returns: place and height of a maximum.
  package static func find(
    from low: Double, to high: Double, tolerance: Double, of function: (Double) -> Double
  ) -> (place: Double, height: Double) {
    var (low, high) = (low, high)
    func point(_ place: Double) -> Point { Point(place: place, height: function(place)) }
    var best = point(low + golden * (high - low))
    var (second, third) = (best, best)
    for _ in 0..<limit {
      let least = relativeTolerance * abs(best.place) + tolerance / 3
      let middle = 0.5 * (low + high)
      guard abs(best.place - middle) + 0.5 * (high - low) > 2 * least else { break }
      let section = golden * ((best.place < middle ? high : low) - best.place)
      var step = section
      if abs(best.place - second.place) >= least {
        let parabola = stepToTop(best, second, third)
        let top = best.place + parabola
        let isInside = top > low + 2 * least && top < high - 2 * least
        if isInside && abs(parabola) < abs(section) { step = parabola }
      }
      if abs(step) < least { step = step > 0 ? least : -least }

      let next = point(best.place + step)
      if next.height >= best.height {
        if next.place < best.place { high = best.place } else { low = best.place }
        (best, second, third) = (next, best, second)
      } else {
        if next.place < best.place { low = next.place } else { high = next.place }
        if next.height >= second.height || second.place == best.place {
          (second, third) = (next, second)
        } else if next.height >= third.height || third.place == best.place || third.place == second.place {
          third = next
        }
      }
    }
    return (best.place, best.height)
  }

  /// From the best point to the top of the parabola through it and two others; not finite if they are on one line.
  private static func stepToTop(_ best: Point, _ second: Point, _ third: Point) -> Double {
    let a = (best.place - second.place) * (best.height - third.height)
    let b = (best.place - third.place) * (best.height - second.height)
    return ((best.place - third.place) * b - (best.place - second.place) * a) / (2 * (a - b))
  }
}
