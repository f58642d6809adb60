-- Evidence by the organisations that it involves, its unit among them: what a subject's surroundings are found by, so
-- that judging one costs the same however many others there are.
CREATE TABLE evidence_organisation (
  organisation TEXT NOT NULL,
  kind         TEXT NOT NULL,
  rid          INTEGER NOT NULL,
  ordinal      INTEGER NOT NULL,
  PRIMARY KEY (organisation, kind, rid, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_organisation_by_resource ON evidence_organisation (rid);

INSERT INTO evidence_organisation
  SELECT unit, kind, rid, ordinal FROM evidence WHERE unit <> ''
  UNION
  SELECT value, kind, rid, ordinal FROM evidence, json_each(parties) WHERE parties IS NOT NULL;
