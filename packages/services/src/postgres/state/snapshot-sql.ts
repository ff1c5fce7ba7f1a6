import { catalogSql, SIGN_CATALOGS_SQL } from './catalog-sql.js';
import { RESTORE_SQL } from './restore-sql.js';

const COPIES_SQL = `
BEGIN;
DROP SCHEMA IF EXISTS chaos_snapshot CASCADE;
CREATE SCHEMA chaos_snapshot;

CREATE VIEW chaos_snapshot.relations AS
  SELECT c.oid AS relid, c.relkind AS kind, format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND c.relpersistence <> 't'
    AND n.nspname NOT IN ('chaos_snapshot', 'information_schema') AND n.nspname !~ '^pg_'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
      AND d.deptype = 'e');

CREATE FUNCTION chaos_snapshot.content(name text, OUT row_count bigint, OUT hash numeric) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('SELECT count(*), coalesce(sum(hashtextextended(chaos_row::text, 0)::numeric), 0) FROM ONLY %s AS chaos_row', name) INTO row_count, hash;
END $$;

CREATE FUNCTION chaos_snapshot.structure(relid oid) RETURNS text LANGUAGE sql AS $$
  SELECT coalesce(string_agg(format('%I %s %s', attname, format_type(atttypid, atttypmod), attgenerated), ', '
    ORDER BY attnum), '')
  FROM pg_attribute WHERE attrelid = relid AND attnum > 0 AND NOT attisdropped
$$;

CREATE FUNCTION chaos_snapshot.position(name text, OUT last_value bigint, OUT is_called boolean) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('SELECT last_value, is_called FROM %s', name) INTO last_value, is_called;
END $$;

CREATE TABLE chaos_snapshot.known AS SELECT relid, kind, name FROM chaos_snapshot.relations;
CREATE TABLE chaos_snapshot.known_schema AS SELECT oid FROM pg_namespace;
CREATE TABLE chaos_snapshot.sequences AS
  SELECT k.name, p.last_value, p.is_called FROM chaos_snapshot.known k, chaos_snapshot.position(k.name) p
    WHERE k.kind = 'S';
CREATE TABLE chaos_snapshot.tables AS
  SELECT k.relid, k.name, format('chaos_snapshot.copy_%s', k.relid) AS copy,
    chaos_snapshot.structure(k.relid) AS structure, c.row_count, c.hash,
    (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
     WHERE attrelid = k.relid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns
  FROM chaos_snapshot.known k, chaos_snapshot.content(k.name) c WHERE k.kind = 'r';
DO $$
DECLARE t record;
BEGIN
  FOR t IN SELECT * FROM chaos_snapshot.tables WHERE columns IS NOT NULL LOOP
    EXECUTE format('CREATE TABLE %s AS SELECT %s FROM ONLY %s', t.copy, t.columns, t.name);
  END LOOP;
END $$;

-- What restore() drops, as people would say it; of a new schema not what is in it.
CREATE FUNCTION chaos_snapshot.created() RETURNS SETOF text LANGUAGE sql AS $$
  SELECT format('schema %I', nspname) FROM pg_namespace n
    WHERE nspname !~ '^pg_' AND NOT EXISTS (SELECT FROM chaos_snapshot.known_schema k WHERE k.oid = n.oid)
  UNION ALL SELECT format('%s %s', CASE n.kind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S'
    THEN 'sequence' WHEN 'f' THEN 'foreign table' ELSE 'table' END, n.name)
    FROM chaos_snapshot.relations n JOIN pg_class c ON c.oid = n.relid
    WHERE NOT EXISTS (SELECT FROM chaos_snapshot.known k WHERE k.relid = n.relid)
      AND EXISTS (SELECT FROM chaos_snapshot.known_schema k WHERE k.oid = c.relnamespace)
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = n.relid
        AND d.deptype IN ('i', 'a') AND n.kind = 'S')
$$;
`;

/**
 * Run as one query: copies all rows into the schema `chaos_snapshot` and creates `chaos_snapshot.restore()`, which
 * restores them in one transaction. It writes only tables whose content differs, and tables that must be truncated with
 * them because of foreign keys. Rows are compared by their number and by the sum of a 64-bit hash of each row's text,
 * which does not depend on order. Everything else of the database is compared with what was there
 * (`chaos_snapshot.drift()`), and a difference is an error.
 */
export function snapshotSql(scope: { readonly server: boolean }): string {
  return [COPIES_SQL, catalogSql(scope), RESTORE_SQL, SIGN_CATALOGS_SQL, 'COMMIT;'].join('\n');
}
