-- The first schema. Instants are microseconds since 1970 (UTC). Only `version` and `audit` hold what cannot be made
-- again; every other table is derived from them or lives only until its work is done.

-- Every version as it is served; a deletion has no text. Rows are never changed or removed, so `seq` only rises.
CREATE TABLE version (
  seq             INTEGER PRIMARY KEY,
  kind            TEXT NOT NULL,
  id              TEXT NOT NULL,
  version         INTEGER NOT NULL,
  updated         INTEGER NOT NULL,
  caregiver       TEXT NOT NULL,
  unit            TEXT,
  system          TEXT NOT NULL,
  patients        TEXT NOT NULL,          -- references, parted by spaces
  received_sha256 BLOB,
  undo            TEXT,                   -- JSON; NULL where nothing was edited
  text            TEXT,                   -- last, so that the columns before it need no overflow page
  UNIQUE (kind, id, version)
) STRICT;

-- The newest version of each resource.
CREATE TABLE resource (
  rid        INTEGER PRIMARY KEY,
  kind       TEXT NOT NULL,
  id         TEXT NOT NULL,
  seq        INTEGER NOT NULL,
  version    INTEGER NOT NULL,
  updated    INTEGER NOT NULL,
  deleted    INTEGER NOT NULL,
  caregiver  TEXT NOT NULL,
  parameters TEXT NOT NULL,               -- names of the parameters that have a value: ' 3 17 20 ', for `:missing`
  UNIQUE (kind, id)
) STRICT;
CREATE INDEX resource_by_kind ON resource (kind, seq) WHERE deleted = 0;

CREATE TABLE resource_patient (
  rid     INTEGER NOT NULL,
  patient TEXT NOT NULL,
  PRIMARY KEY (rid, patient)
) STRICT, WITHOUT ROWID;

-- Short numbers for long words that repeat in every index row: `List.subject`, `Patient`, code systems.
CREATE TABLE name (
  id   INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

-- What a resource has in the idx tables (postcard), so that a new version touches only the rows that differ.
CREATE TABLE indexed (
  rid     INTEGER PRIMARY KEY,
  entries BLOB NOT NULL
) STRICT;

CREATE TABLE idx_token (
  parameter INTEGER NOT NULL,
  code      TEXT NOT NULL,
  rid       INTEGER NOT NULL,
  system    INTEGER NOT NULL,
  PRIMARY KEY (parameter, code, rid, system)
) STRICT, WITHOUT ROWID;

CREATE TABLE idx_reference (
  target    TEXT NOT NULL,                -- the logical id: what tells references apart
  kind      INTEGER NOT NULL,
  parameter INTEGER NOT NULL,
  rid       INTEGER NOT NULL,
  PRIMARY KEY (target, kind, parameter, rid)
) STRICT, WITHOUT ROWID;

CREATE TABLE idx_uri (
  value     TEXT NOT NULL,
  parameter INTEGER NOT NULL,
  rid       INTEGER NOT NULL,
  PRIMARY KEY (value, parameter, rid)
) STRICT, WITHOUT ROWID;

CREATE TABLE idx_date (
  parameter INTEGER NOT NULL,
  low       INTEGER NOT NULL,
  high      INTEGER NOT NULL,             -- exclusive
  rid       INTEGER NOT NULL,
  PRIMARY KEY (parameter, low, high, rid)
) STRICT, WITHOUT ROWID;
CREATE INDEX idx_date_by_resource ON idx_date (rid, parameter, low, high);

CREATE TABLE idx_text (
  parameter INTEGER NOT NULL,
  folded    TEXT NOT NULL,
  exact     TEXT NOT NULL,
  rid       INTEGER NOT NULL,
  PRIMARY KEY (parameter, folded, exact, rid)
) STRICT, WITHOUT ROWID;
CREATE INDEX idx_text_by_resource ON idx_text (rid, parameter, folded, exact);

CREATE TABLE idx_number (
  parameter INTEGER NOT NULL,
  low       REAL NOT NULL,
  high      REAL NOT NULL,
  unit      TEXT NOT NULL,
  rid       INTEGER NOT NULL,
  PRIMARY KEY (parameter, low, high, unit, rid)
) STRICT, WITHOUT ROWID;

-- Who has to do with whom. Clustered by patient: that is how it is asked.
CREATE TABLE relation (
  patient      TEXT NOT NULL,
  organisation TEXT NOT NULL,
  since        INTEGER NOT NULL,
  until        INTEGER NOT NULL,          -- exclusive
  rid          INTEGER NOT NULL,
  PRIMARY KEY (patient, organisation, since, until, rid)
) STRICT, WITHOUT ROWID;
CREATE INDEX relation_by_resource ON relation (rid);

-- Clustered by patient: a patient's evidence is read at every change of hers. '' is no patient, no unit.
CREATE TABLE evidence (
  patient TEXT NOT NULL,
  rid     INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  kind    TEXT NOT NULL,
  unit    TEXT NOT NULL,
  since   INTEGER NOT NULL,
  until   INTEGER NOT NULL,
  amount  INTEGER,
  source  TEXT NOT NULL,
  parties TEXT,                           -- JSON; NULL where empty, as the next two
  codes   TEXT,
  parts   TEXT,
  PRIMARY KEY (patient, rid, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_by_resource ON evidence (rid);
CREATE INDEX evidence_by_unit ON evidence (unit) WHERE unit <> '';
CREATE INDEX evidence_by_kind ON evidence (kind);

-- Subjects to be judged anew. A subject marked again gets a later mark.
CREATE TABLE mark (
  mark    INTEGER PRIMARY KEY AUTOINCREMENT,
  subject TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE verdict (
  subject    TEXT NOT NULL,
  obligation TEXT NOT NULL,
  agreement  TEXT NOT NULL,
  state      TEXT NOT NULL,
  until      INTEGER,
  kommun     TEXT NOT NULL,               -- '' is none
  unit       TEXT NOT NULL,
  body       TEXT NOT NULL,               -- the verdict as JSON
  PRIMARY KEY (subject, obligation, agreement)
) STRICT, WITHOUT ROWID;
CREATE INDEX verdict_by_until ON verdict (until) WHERE until IS NOT NULL;
CREATE INDEX verdict_by_state ON verdict (obligation, state);

-- How it has been. A stretch that lasts has no end.
CREATE TABLE verdict_interval (
  subject    TEXT NOT NULL,
  obligation TEXT NOT NULL,
  agreement  TEXT NOT NULL,
  since      INTEGER NOT NULL,
  until      INTEGER,
  state      TEXT NOT NULL,
  kommun     TEXT NOT NULL,
  unit       TEXT NOT NULL,
  PRIMARY KEY (subject, obligation, agreement, since)
) STRICT, WITHOUT ROWID;

-- The summary of now, kept by the triggers below, so that a nation's is read in a moment.
CREATE TABLE verdict_count (
  obligation TEXT NOT NULL,
  kommun     TEXT NOT NULL,
  unit       TEXT NOT NULL,
  state      TEXT NOT NULL,
  subjects   INTEGER NOT NULL,
  PRIMARY KEY (obligation, kommun, unit, state)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER verdict_inserted AFTER INSERT ON verdict BEGIN
  INSERT INTO verdict_count VALUES (new.obligation, new.kommun, new.unit, new.state, 1)
    ON CONFLICT DO UPDATE SET subjects = subjects + 1;
END;
CREATE TRIGGER verdict_deleted AFTER DELETE ON verdict BEGIN
  UPDATE verdict_count SET subjects = subjects - 1
    WHERE obligation = old.obligation AND kommun = old.kommun AND unit = old.unit AND state = old.state;
END;
CREATE TRIGGER verdict_updated AFTER UPDATE OF state, kommun, unit ON verdict
WHEN (old.state, old.kommun, old.unit) IS NOT (new.state, new.kommun, new.unit) BEGIN
  UPDATE verdict_count SET subjects = subjects - 1
    WHERE obligation = old.obligation AND kommun = old.kommun AND unit = old.unit AND state = old.state;
  INSERT INTO verdict_count VALUES (new.obligation, new.kommun, new.unit, new.state, 1)
    ON CONFLICT DO UPDATE SET subjects = subjects + 1;
END;

CREATE TABLE outbox (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  patient TEXT NOT NULL,
  changes TEXT NOT NULL,                  -- JSON
  at      INTEGER NOT NULL
) STRICT;

-- state: 0 waiting, 1 leased, 2 delivered, 3 withheld, 4 dead.
CREATE TABLE delivery (
  id         INTEGER PRIMARY KEY,
  number     INTEGER NOT NULL,              -- among those of its receiver, without gaps
  receiver   TEXT NOT NULL,
  patient    TEXT NOT NULL,
  outbox     INTEGER NOT NULL,
  key        TEXT NOT NULL,
  changes    TEXT NOT NULL,
  due        INTEGER NOT NULL,
  state      INTEGER NOT NULL,
  attempts   INTEGER NOT NULL,
  next       INTEGER NOT NULL,
  last_error TEXT,
  UNIQUE (receiver, outbox, patient),
  UNIQUE (receiver, number)
) STRICT;
CREATE INDEX delivery_unfinished ON delivery (receiver, patient, id) WHERE state IN (0, 1);
CREATE INDEX delivery_by_receiver ON delivery (receiver, id);
CREATE INDEX delivery_by_state ON delivery (state, id) WHERE state <> 2;

-- A lane is a receiver and a patient with something unfinished; `head` is the first of it, the only one that may go.
CREATE TABLE lane (
  receiver TEXT NOT NULL,
  patient  TEXT NOT NULL,
  head     INTEGER NOT NULL,
  leased   INTEGER NOT NULL,
  next     INTEGER NOT NULL,
  PRIMARY KEY (receiver, patient)
) STRICT, WITHOUT ROWID;
CREATE INDEX lane_by_next ON lane (next);
CREATE INDEX lane_by_receiver ON lane (receiver, next);
CREATE INDEX lane_leased ON lane (receiver, next) WHERE leased = 1;

CREATE TABLE delivery_count (
  receiver   TEXT NOT NULL,
  state      INTEGER NOT NULL,
  deliveries INTEGER NOT NULL,
  PRIMARY KEY (receiver, state)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER delivery_inserted AFTER INSERT ON delivery BEGIN
  INSERT INTO delivery_count VALUES (new.receiver, new.state, 1)
    ON CONFLICT DO UPDATE SET deliveries = deliveries + 1;
END;
CREATE TRIGGER delivery_updated AFTER UPDATE OF state ON delivery WHEN old.state <> new.state BEGIN
  UPDATE delivery_count SET deliveries = deliveries - 1 WHERE receiver = old.receiver AND state = old.state;
  INSERT INTO delivery_count VALUES (new.receiver, new.state, 1)
    ON CONFLICT DO UPDATE SET deliveries = deliveries + 1;
END;

-- Append only. An entry that is closed later gets a further record with the same id; the last one is how it reads.
CREATE TABLE audit (
  row          INTEGER PRIMARY KEY,
  id           TEXT NOT NULL,
  opening      INTEGER NOT NULL,          -- 1: the first record of its id
  recorded     INTEGER NOT NULL,
  closed       INTEGER,
  patients     TEXT NOT NULL,             -- references, parted by spaces
  client       TEXT NOT NULL,
  organisation TEXT NOT NULL,
  entry        TEXT NOT NULL,
  chain        BLOB NOT NULL              -- SHA-256 of the link before and of this record
) STRICT;
CREATE UNIQUE INDEX audit_opening ON audit (id) WHERE opening = 1;
CREATE INDEX audit_closing ON audit (id, row) WHERE opening = 0;
CREATE INDEX audit_by_client ON audit (client, row) WHERE opening = 1;
CREATE INDEX audit_by_organisation ON audit (organisation, row) WHERE opening = 1;
CREATE INDEX audit_by_recorded ON audit (recorded) WHERE opening = 1;

-- Which entries (by the row that opened them) concern a patient, whichever of their records names her.
CREATE TABLE audit_patient (
  patient TEXT NOT NULL,
  row     INTEGER NOT NULL,
  PRIMARY KEY (patient, row)
) STRICT, WITHOUT ROWID;

-- Entries that nobody has closed yet.
CREATE TABLE audit_open (
  id       TEXT PRIMARY KEY,
  recorded INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_open_by_recorded ON audit_open (recorded);

CREATE TABLE remembered (
  client         TEXT NOT NULL,
  key            TEXT NOT NULL,
  request_sha256 BLOB NOT NULL,
  status         INTEGER NOT NULL,
  headers        TEXT NOT NULL,           -- JSON
  body           TEXT NOT NULL,
  at             INTEGER NOT NULL,
  PRIMARY KEY (client, key)
) STRICT;
CREATE INDEX remembered_by_age ON remembered (at);

CREATE TABLE token_id (
  issuer TEXT NOT NULL,
  jti    TEXT NOT NULL,
  until  INTEGER NOT NULL,
  PRIMARY KEY (issuer, jti)
) STRICT, WITHOUT ROWID;
CREATE INDEX token_id_by_age ON token_id (until);

-- Single numbers.
CREATE TABLE fact (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO fact VALUES ('pings', 0), ('verdicts_at', -9223372036854775808);
