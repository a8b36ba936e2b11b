// SPDX-License-Identifier: GPL-3.0-or-later

// Tables of listening panels.
//
// A session is the list of its events (ListeningPanel says what they are); a row is never changed or deleted, which triggers see to.
// An answer that was taken back is superseded by a later event. The views show what is asked for most, playings and ratings, as columns.
// Ratings that came from elsewhere as a table stand beside them, under a panel without a plan.
enum PanelSchema {
  static let version7 =
    tables
    + ["panels", "panelSessions", "panelEvents", "importedRatings"].map { table in
      """

      CREATE TRIGGER \(table)AreNotChanged BEFORE UPDATE ON \(table) BEGIN
        SELECT raise(ABORT, 'what happened in a panel is not changed');
      END;
      CREATE TRIGGER \(table)AreNotDeleted BEFORE DELETE ON \(table) BEGIN
        SELECT raise(ABORT, 'what happened in a panel is not deleted');
      END;
      """
    }.joined() + views

  /// What the rating was against, where two clips were compared.
  static let version8 = "ALTER TABLE importedRatings ADD COLUMN against TEXT"

  /// How ratings from elsewhere were asked for, and whether those of known answers were right.
  static let version9 = """
    ALTER TABLE importedRatings ADD COLUMN isRight INTEGER CHECK (isRight IN (0, 1));
    ALTER TABLE panels ADD COLUMN setup TEXT CHECK (setup IS NULL OR json_valid(setup))
    """

  private static let tables = """
    -- A frozen plan; or, without a document, ratings from elsewhere.
    CREATE TABLE panels (
      id INTEGER PRIMARY KEY,
      hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
      name TEXT NOT NULL CHECK (name <> ''),
      addedAt INTEGER NOT NULL,  -- milliseconds since 1970, UTC
      document TEXT
    ) STRICT;

    CREATE TABLE panelSessions (
      id INTEGER PRIMARY KEY,
      uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36 AND uuid = lower(uuid)),
      panel INTEGER NOT NULL REFERENCES panels,
      listener TEXT NOT NULL CHECK (listener <> ''),
      slot INTEGER NOT NULL CHECK (slot >= 0),
      UNIQUE (panel, listener)
    ) STRICT;

    CREATE TABLE panelEvents (
      session INTEGER NOT NULL REFERENCES panelSessions,
      number INTEGER NOT NULL CHECK (number >= 0),
      utc REAL NOT NULL CHECK (abs(utc) < 9e999),  -- seconds since 1970
      monotonic REAL NOT NULL CHECK (abs(monotonic) < 9e999),  -- seconds
      kind TEXT NOT NULL CHECK (kind <> ''),
      body TEXT NOT NULL CHECK (json_valid(body)),
      PRIMARY KEY (session, number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE importedRatings (
      panel INTEGER NOT NULL REFERENCES panels,
      number INTEGER NOT NULL,
      listener TEXT NOT NULL,
      system TEXT NOT NULL,
      utterance TEXT NOT NULL,
      score REAL NOT NULL CHECK (abs(score) < 9e999),
      session TEXT,
      place INTEGER,  -- of the trial among the listener's
      kind TEXT NOT NULL CHECK (kind IN ('rated', 'gold', 'catch', 'repeat')),
      reactionSeconds REAL CHECK (abs(reactionSeconds) < 9e999),
      clipSeconds REAL CHECK (clipSeconds >= 0 AND clipSeconds < 9e999),
      PRIMARY KEY (panel, number)
    ) STRICT, WITHOUT ROWID;
    """

  private static let views = """

    CREATE VIEW panelRatings AS
    SELECT p.hash AS plan, s.listener, e.number, e.utc, e.monotonic,
      json_extract(e.body, '$._0.trial') AS trial, json_extract(e.body, '$._0.revision') AS revision,
      json_extract(e.body, '$._0.value') AS value, json_extract(e.body, '$._0.plays') AS plays,
      json_extract(e.body, '$._0.firstKey.monotonic') AS firstKey, json_extract(e.body, '$._0.playbackEnd') AS playbackEnd
    FROM panelEvents e JOIN panelSessions s ON s.id = e.session JOIN panels p ON p.id = s.panel
    WHERE e.kind = 'ratingConfirmed';

    CREATE VIEW panelPlaybacks AS
    SELECT p.hash AS plan, s.listener, e.number, e.utc, e.monotonic,
      json_extract(e.body, '$._0.purpose') AS purpose, json_extract(e.body, '$._0.trial') AS trial,
      json_extract(e.body, '$._0.gain') AS gain, json_extract(e.body, '$._0.sha256') AS sha256,
      json_extract(e.body, '$._0.report') AS report
    FROM panelEvents e JOIN panelSessions s ON s.id = e.session JOIN panels p ON p.id = s.panel
    WHERE e.kind = 'playbackEnded';
    """
}
