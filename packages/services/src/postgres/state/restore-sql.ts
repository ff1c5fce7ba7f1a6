/**
 * Creates `chaos_snapshot.restore()`: drops what is new, brings rows and sequences back, and throws where the database
 * is not what it was.
 */
export const RESTORE_SQL = `
CREATE FUNCTION chaos_snapshot.restore() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  r record;
  differences text;
  changed oid[];
BEGIN
  PERFORM set_config('lock_timeout', '2000', true);
  BEGIN
    -- No triggers, no foreign key checks; autovacuum gives way at once. Others than superusers do without.
    PERFORM set_config('session_replication_role', 'replica', true), set_config('deadlock_timeout', '20', true);
  EXCEPTION WHEN insufficient_privilege THEN NULL;
  END;

  FOR r IN SELECT oid::regnamespace::text AS name FROM pg_namespace n
    WHERE nspname !~ '^pg_' AND NOT EXISTS (SELECT FROM chaos_snapshot.known_schema k WHERE k.oid = n.oid)
  LOOP
    EXECUTE format('DROP SCHEMA %s CASCADE', r.name);
  END LOOP;
  -- Sequences of identity columns go with their tables.
  FOR r IN SELECT name, kind FROM chaos_snapshot.relations n WHERE NOT EXISTS (SELECT FROM chaos_snapshot.known k
    WHERE k.relid = n.relid)
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = n.relid
      AND d.deptype = 'i' AND n.kind = 'S')
  LOOP
    EXECUTE format('DROP %s IF EXISTS %s CASCADE',
      CASE r.kind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' WHEN 'f'
        THEN 'FOREIGN TABLE' ELSE 'TABLE' END, r.name);
  END LOOP;
  FOR r IN SELECT k.name FROM chaos_snapshot.known k
    WHERE NOT EXISTS (SELECT FROM chaos_snapshot.relations n WHERE n.relid = k.relid AND n.name = k.name)
    UNION ALL SELECT t.name FROM chaos_snapshot.tables t WHERE chaos_snapshot.structure(t.relid) <> t.structure
  LOOP
    RAISE EXCEPTION 'the structure of % is not that of the snapshot', r.name;
  END LOOP;

  SELECT array_agg(t.relid) INTO changed FROM chaos_snapshot.tables t, chaos_snapshot.content(t.name) c
    WHERE (c.row_count, c.hash) <> (t.row_count, t.hash);
  IF changed IS NOT NULL THEN
    WITH RECURSIVE hit(relid) AS (
      SELECT unnest(changed) UNION
      SELECT next.relid FROM hit, LATERAL (
        SELECT conrelid FROM pg_constraint WHERE contype = 'f' AND confrelid = hit.relid
        UNION ALL SELECT inhrelid FROM pg_inherits WHERE inhparent = hit.relid) AS next(relid)
    ) SELECT array_agg(relid) INTO changed FROM hit;
    EXECUTE (SELECT 'TRUNCATE ' || string_agg(name, ', ') FROM chaos_snapshot.relations WHERE relid = ANY (changed)
      AND kind IN ('r', 'p'));
    -- Referenced tables first, for those who cannot turn foreign keys off.
    FOR r IN
      WITH RECURSIVE depth(relid, level) AS (
        SELECT relid, 0 FROM chaos_snapshot.tables UNION
        SELECT f.conrelid, level + 1 FROM depth d JOIN pg_constraint f ON f.contype = 'f' AND f.confrelid = d.relid
          AND f.conrelid <> f.confrelid WHERE level < 20
      )
      SELECT t.* FROM chaos_snapshot.tables t JOIN depth USING (relid)
      WHERE relid = ANY (changed) AND t.columns IS NOT NULL GROUP BY t.relid, t.name, t.copy, t.structure,
        t.row_count, t.hash, t.columns ORDER BY max(level)
    LOOP
      EXECUTE format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s', r.name, r.columns, r.columns,
        r.copy);
    END LOOP;
    FOR r IN SELECT t.name FROM chaos_snapshot.tables t, chaos_snapshot.content(t.name) c
      WHERE t.relid = ANY (changed) AND (c.row_count, c.hash) <> (t.row_count, t.hash)
    LOOP
      RAISE EXCEPTION 'the content of % is not that of the snapshot', r.name;
    END LOOP;
  END IF;

  differences := chaos_snapshot.drift();
  IF differences IS NOT NULL THEN
    RAISE EXCEPTION 'since the snapshot %', differences;
  END IF;

  PERFORM setval(s.name::regclass, s.last_value, s.is_called)
    FROM chaos_snapshot.sequences s, chaos_snapshot.position(s.name) p
    WHERE (p.last_value, p.is_called) <> (s.last_value, s.is_called);
END $$;
`;
