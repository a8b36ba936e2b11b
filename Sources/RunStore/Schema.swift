// SPDX-License-Identifier: GPL-3.0-or-later
internal import GRDB

// The tables, as migrations. A migration that was ever released is never changed: a change is a new one.
//
// Ten million scores are a store one may have, so the tables that grow are narrow. A score is a row of its
// utterance's and its signature's numbers, a word and eight bytes, kept in key order without a row id of its own. A
// signature is spelt once. What is known of a file hangs off its content, not off each pair it is part of: a
// reference is described once for all systems and all runs. Hashes are 32 bytes, not 64 digits.
//
// The paths through it: a run's table and the difference of two runs go run → systems → utterances, by name →
// scores, each step by a key. The reuse look-up goes file hash → files → `utterancesByFiles` → scores.
enum Schema {
  /// `ttse` in ASCII: what tells a store of ours from other SQLite files.
  static let applicationID: Int32 = 0x7474_7365

  /// What each migration adds, oldest first.
  private static let versions = [
    ("v1", version1), ("v2", version2), ("v3", version3), ("v4", version4), ("v5", version5), ("v6", version6),
    ("v7", PanelSchema.version7), ("v8", PanelSchema.version8), ("v9", PanelSchema.version9),
  ]

  /// The migrations.
  static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    for (name, sql) in versions { migrator.registerMigration(name) { try $0.execute(sql: sql) } }
    return migrator
  }()

  /// What the migrations make of an empty file, in the caller's transaction. The migrator takes one for each, and looks through the
  /// whole file behind it: 20 ms, of a run of one pair that takes 200.
  static func create(_ db: Database) throws {
    try db.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
    for (name, sql) in versions {
      try db.execute(sql: sql)
      try db.execute(sql: "INSERT INTO grdb_migrations VALUES (?)", arguments: [name])
    }
  }

  private static let version1 = """
    -- What is known of a machine; a machine that changes gets another row.
    CREATE TABLE hosts (
      id INTEGER PRIMARY KEY,
      host TEXT NOT NULL,
      cpu TEXT NOT NULL,
      cores INTEGER NOT NULL CHECK (cores >= 0),
      memoryBytes INTEGER NOT NULL CHECK (memoryBytes >= 0),
      gpu TEXT,
      os TEXT NOT NULL,
      container TEXT
    ) STRICT;
    CREATE INDEX hostsByHost ON hosts (host);

    CREATE TABLE runs (
      id INTEGER PRIMARY KEY,
      uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36 AND uuid = lower(uuid)),
      startedAt INTEGER NOT NULL,  -- milliseconds since 1970, UTC
      finishedAt INTEGER,  -- likewise; NULL: incomplete
      tool TEXT NOT NULL,
      label TEXT,
      host INTEGER NOT NULL REFERENCES hosts,
      analysisRate INTEGER NOT NULL CHECK (analysisRate > 0),  -- Hz
      resampler TEXT NOT NULL,
      alignment TEXT NOT NULL CHECK (alignment IN ('none', 'delay', 'warp')),
      channel TEXT,
      level TEXT
    ) STRICT;
    CREATE INDEX runsByLabel ON runs (label, startedAt);
    CREATE INDEX runsByHost ON runs (host);

    CREATE TABLE runMetrics (
      run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
      position INTEGER NOT NULL,
      metric TEXT NOT NULL,
      PRIMARY KEY (run, position),
      UNIQUE (run, metric)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE unmatched (
      run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
      side TEXT NOT NULL CHECK (side IN ('reference', 'synthesis')),
      position INTEGER NOT NULL,
      path TEXT NOT NULL,
      PRIMARY KEY (run, side, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE tags (
      name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
      run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX tagsByRun ON tags (run);

    CREATE TABLE systems (
      id INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
      position INTEGER NOT NULL,
      name TEXT NOT NULL,
      path TEXT NOT NULL,
      UNIQUE (run, position),
      UNIQUE (run, name)
    ) STRICT;

    -- A file's content; all NULL where a file could not be read.
    CREATE TABLE files (
      id INTEGER PRIMARY KEY,
      sha256 BLOB CHECK (length(sha256) = 32),  -- of the bytes
      audioSHA256 BLOB CHECK (length(audioSHA256) = 32),  -- of the decoded samples
      sampleRate INTEGER CHECK (sampleRate > 0),  -- Hz
      channels INTEGER CHECK (channels > 0),
      seconds REAL CHECK (seconds >= 0 AND seconds < 9e999)
    ) STRICT;
    CREATE INDEX filesBySHA256 ON files (sha256);

    CREATE TABLE utterances (
      id INTEGER PRIMARY KEY,
      system INTEGER NOT NULL REFERENCES systems ON DELETE CASCADE,
      name TEXT NOT NULL,
      referencePath TEXT NOT NULL,
      referenceFile INTEGER NOT NULL REFERENCES files,
      synthesisPath TEXT NOT NULL,
      synthesisFile INTEGER NOT NULL REFERENCES files,
      alignment TEXT CHECK (alignment IN ('none', 'delay', 'warp')),  -- NULL: one of the files could not be read
      delaySeconds REAL CHECK (abs(delaySeconds) < 9e999),
      durationRatio REAL CHECK (durationRatio >= 0 AND durationRatio < 9e999),
      meanDeviation REAL CHECK (meanDeviation >= 0 AND meanDeviation < 9e999),  -- seconds
      isFreeRunning INTEGER CHECK (isFreeRunning IN (0, 1)),
      cutSamples INTEGER CHECK (cutSamples >= 0),
      levelDifferenceDb REAL CHECK (abs(levelDifferenceDb) < 9e999),
      UNIQUE (system, name),
      CHECK (
        CASE WHEN alignment IS NULL
          THEN coalesce(delaySeconds, durationRatio, meanDeviation, isFreeRunning, cutSamples, levelDifferenceDb) IS NULL
          ELSE delaySeconds + durationRatio + isFreeRunning + cutSamples IS NOT NULL
        END)
    ) STRICT;
    CREATE INDEX utterancesByFiles ON utterances (synthesisFile, referenceFile);
    CREATE INDEX utterancesByReference ON utterances (referenceFile);

    CREATE TABLE signatures (
      id INTEGER PRIMARY KEY,
      text TEXT NOT NULL UNIQUE,
      metric TEXT NOT NULL
    ) STRICT;

    CREATE TABLE scores (
      utterance INTEGER NOT NULL REFERENCES utterances ON DELETE CASCADE,
      signature INTEGER NOT NULL REFERENCES signatures,
      status TEXT NOT NULL,
      value ANY,  -- a REAL; but in a column of that type SQLite stores -0 as 0
      reason TEXT,
      PRIMARY KEY (utterance, signature),
      CHECK (
        CASE status
          WHEN 'value' THEN typeof(value) = 'real' AND abs(value) < 9e999 AND reason IS NULL
          WHEN 'undefined' THEN value IS NULL AND reason IS NOT NULL
          WHEN 'failed' THEN value IS NULL AND reason IS NOT NULL
          ELSE 0
        END)
    ) STRICT, WITHOUT ROWID;
    """

  private static let version2 = """
    ALTER TABLE runs ADD COLUMN silence TEXT NOT NULL DEFAULT 'trim' CHECK (silence IN ('trim', 'keep'));
    ALTER TABLE utterances
      ADD COLUMN cutSpeechSeconds REAL CHECK (cutSpeechSeconds >= 0 AND cutSpeechSeconds < 9e999);

    -- What a score is made of, frame by frame, where a run was asked for it.
    CREATE TABLE traces (
      id INTEGER PRIMARY KEY,
      utterance INTEGER NOT NULL,
      signature INTEGER NOT NULL,
      name TEXT NOT NULL,
      start REAL NOT NULL CHECK (abs(start) < 9e999),  -- seconds
      period REAL NOT NULL CHECK (period > 0 AND period < 9e999),  -- seconds
      samples BLOB NOT NULL CHECK (length(samples) % 4 = 0),  -- 32-bit floats, least significant byte first
      UNIQUE (utterance, signature, name),
      FOREIGN KEY (utterance, signature) REFERENCES scores ON DELETE CASCADE
    ) STRICT;
    """

  private static let version6 = """
    -- Files of which only the sound is known, as those of an imported baseline.
    CREATE INDEX filesByAudio ON files (audioSHA256) WHERE sha256 IS NULL;
    """

  private static let version5 = """
    -- What is known of the machines and the software behind runs.
    CREATE TABLE facts (
      id INTEGER PRIMARY KEY,
      topic TEXT NOT NULL CHECK (topic <> ''),
      name TEXT NOT NULL CHECK (name <> ''),
      value TEXT NOT NULL,
      UNIQUE (topic, name, value)
    ) STRICT;

    CREATE TABLE runFacts (
      run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
      position INTEGER NOT NULL,
      fact INTEGER NOT NULL REFERENCES facts,
      PRIMARY KEY (run, position),
      UNIQUE (run, fact)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX runFactsByFact ON runFacts (fact);

    -- What making a synthesis took.
    CREATE TABLE speeds (
      utterance INTEGER PRIMARY KEY REFERENCES utterances ON DELETE CASCADE,
      wallSeconds REAL NOT NULL CHECK (wallSeconds >= 0 AND wallSeconds < 9e999),
      cpuSeconds REAL NOT NULL CHECK (cpuSeconds >= 0 AND cpuSeconds < 9e999),
      latencySeconds REAL NOT NULL CHECK (latencySeconds >= 0 AND latencySeconds < 9e999),
      realTimeFactor REAL CHECK (realTimeFactor >= 0 AND realTimeFactor < 9e999),
      peakMemoryBytes INTEGER CHECK (peakMemoryBytes >= 0),
      gpuMemoryMiB REAL CHECK (gpuMemoryMiB >= 0 AND gpuMemoryMiB < 9e999),
      gpuPowerWatts REAL CHECK (gpuPowerWatts >= 0 AND gpuPowerWatts < 9e999)
    ) STRICT;
    """

  private static let version4 = """
    -- Voiced frames of both sides, and those at a bound of the F0 range; NULL: no F0 was compared.
    ALTER TABLE utterances ADD COLUMN f0Voiced INTEGER CHECK (f0Voiced >= 0);
    ALTER TABLE utterances ADD COLUMN f0AtBounds INTEGER
      CHECK ((f0Voiced IS NULL) = (f0AtBounds IS NULL) AND f0AtBounds BETWEEN 0 AND f0Voiced);
    """

  private static let version3 = """
    -- How the path of a warped pair was found; NULL: it has none.
    ALTER TABLE utterances ADD COLUMN pathSearch TEXT CHECK (pathSearch IN ('whole', 'band', 'edge'));
    """
}
