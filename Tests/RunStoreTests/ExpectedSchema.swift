// SPDX-License-Identifier: GPL-3.0-or-later

/// The schema of version 1 as released stores have it, in SQLite's own record of it. A change of the tables is a new
/// migration, and a new text here beside this one.
let expectedSchemaOfVersion1 = """
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

/// The schema of version 2. SQLite writes an added column behind the last one, before the table's own constraints.
let expectedSchemaOfVersion2 =
  expectedSchemaOfVersion1
  .replacing(
    "level TEXT\n) STRICT;",
    with: "level TEXT\n, silence TEXT NOT NULL DEFAULT 'trim' CHECK (silence IN ('trim', 'keep'))) STRICT;"
  )
  .replacing(
    "levelDifferenceDb REAL CHECK (abs(levelDifferenceDb) < 9e999),\n",
    with: "levelDifferenceDb REAL CHECK (abs(levelDifferenceDb) < 9e999), "
      + "cutSpeechSeconds REAL CHECK (cutSpeechSeconds >= 0 AND cutSpeechSeconds < 9e999),\n") + """
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

/// The schema of version 3.
let expectedSchemaOfVersion3 = expectedSchemaOfVersion2.replacing(
  "cutSpeechSeconds < 9e999),\n",
  with: "cutSpeechSeconds < 9e999), pathSearch TEXT CHECK (pathSearch IN ('whole', 'band', 'edge')),\n")

/// The schema of version 4.
let expectedSchemaOfVersion4 = expectedSchemaOfVersion3.replacing(
  "('whole', 'band', 'edge')),\n",
  with: """
    ('whole', 'band', 'edge')), f0Voiced INTEGER CHECK (f0Voiced >= 0), f0AtBounds INTEGER
      CHECK ((f0Voiced IS NULL) = (f0AtBounds IS NULL) AND f0AtBounds BETWEEN 0 AND f0Voiced),

    """)

/// The schema of version 5.
let expectedSchemaOfVersion9 =
  expectedSchemaOfVersion4 + """
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
    CREATE INDEX filesByAudio ON files (audioSHA256) WHERE sha256 IS NULL;
    CREATE TABLE panels (
      id INTEGER PRIMARY KEY,
      hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
      name TEXT NOT NULL CHECK (name <> ''),
      addedAt INTEGER NOT NULL,  -- milliseconds since 1970, UTC
      document TEXT
    , setup TEXT CHECK (setup IS NULL OR json_valid(setup))) STRICT;
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
      clipSeconds REAL CHECK (clipSeconds >= 0 AND clipSeconds < 9e999), against TEXT, isRight INTEGER CHECK (isRight IN (0, 1)),
      PRIMARY KEY (panel, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER panelsAreNotChanged BEFORE UPDATE ON panels BEGIN
      SELECT raise(ABORT, 'what happened in a panel is not changed');
    END;
    CREATE TRIGGER panelsAreNotDeleted BEFORE DELETE ON panels BEGIN
      SELECT raise(ABORT, 'what happened in a panel is not deleted');
    END;
    CREATE TRIGGER panelSessionsAreNotChanged BEFORE UPDATE ON panelSessions BEGIN
      SELECT raise(ABORT, 'what happened in a panel is not changed');
    END;
    CREATE TRIGGER panelSessionsAreNotDeleted BEFORE DELETE ON panelSessions BEGIN
      SELECT raise(ABORT, 'what happened in a panel is not deleted');
    END;
    CREATE TRIGGER panelEventsAreNotChanged BEFORE UPDATE ON panelEvents BEGIN
      SELECT raise(ABORT, 'what happened in a panel is not changed');
    END;
    CREATE TRIGGER panelEventsAreNotDeleted BEFORE DELETE ON panelEvents BEGIN
      SELECT raise(ABORT, 'what happened in a panel is not deleted');
    END;
    CREATE TRIGGER importedRatingsAreNotChanged BEFORE UPDATE ON importedRatings BEGIN
      SELECT raise(ABORT, 'what happened in a panel is not changed');
    END;
    CREATE TRIGGER importedRatingsAreNotDeleted BEFORE DELETE ON importedRatings BEGIN
      SELECT raise(ABORT, 'what happened in a panel is not deleted');
    END;
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
