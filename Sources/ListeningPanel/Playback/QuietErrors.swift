// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc

/// Keeps stderr empty from its making to its end.
///
/// ALSA, JACK and others write there whenever they like, also in the middle of a session, and it would stand on the listener's screen.
/// What this program has to say on stderr it says after the session.
package final class QuietErrors {
  private var kept: Int32

  package init() {
    let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
    kept = nowhere >= 0 ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3) : -1
    if kept >= 0 { dup2(nowhere, STDERR_FILENO) }
    if nowhere >= 0 { close(nowhere) }
  }

  /// Gives stderr back; once is enough.
  package func end() {
    guard kept >= 0 else { return }
    dup2(kept, STDERR_FILENO)
    close(kept)
    kept = -1
  }

  deinit { end() }
}
