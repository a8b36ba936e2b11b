// SPDX-License-Identifier: GPL-3.0-or-later
internal import GRDB

// GRDB's subscripts end the process when a column holds what it should not. The schema rules that out in a sound file;
// in a damaged one it must be an error.
extension Row {
  /// The value of a column that is never NULL.
  func value<Value: DatabaseValueConvertible>(_ column: Int) throws -> Value {
    guard let value = Value.fromDatabaseValue(self[column] as DatabaseValue) else { throw damage(column) }
    return value
  }

  /// The value of a column that may be NULL.
  func optional<Value: DatabaseValueConvertible>(_ column: Int) throws -> Value? {
    let stored: DatabaseValue = self[column]
    if stored.isNull { return nil }
    guard let value = Value.fromDatabaseValue(stored) else { throw damage(column) }
    return value
  }

  private func damage(_ column: Int) -> DatabaseError {
    DatabaseError(resultCode: .SQLITE_CORRUPT, message: "unexpected \(self[column] as DatabaseValue) in a column")
  }
}
