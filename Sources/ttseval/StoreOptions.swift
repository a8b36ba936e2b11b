// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import RunStore

/// Where runs are kept: `--db`, else `TTSEVAL_DB`, else `reports/ttseval.sqlite` below the current folder.
struct StoreOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The store.", discussion: "Default: $TTSEVAL_DB, else reports/ttseval.sqlite."))
  var db: String?

  func validate() throws {
    if db == "" { throw ValidationError("--db: the name is empty") }
  }

  var path: String {
    let environment = ProcessInfo.processInfo.environment["TTSEVAL_DB"].flatMap { $0.isEmpty ? nil : $0 }
    return db ?? environment ?? "reports/ttseval.sqlite"
  }
}
