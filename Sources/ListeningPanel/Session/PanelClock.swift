// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc

/// The clocks of this machine.
public enum PanelClock {
  /// Now. The monotonic clock goes on while the machine sleeps.
  public static func now() -> PanelTime {
    PanelTime(utc: seconds(CLOCK_REALTIME), monotonic: seconds(CLOCK_BOOTTIME))
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
