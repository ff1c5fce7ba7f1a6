// Objects of an extension come and go with it.
const OWN = (catalog: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND ` +
  `d.deptype = 'e')`;

// Kinds of objects of which the name is enough: who changes one drops it and makes another.
const NAMED: readonly (readonly [kind: string, catalog: string, name: string])[] = [
  ['access method', 'pg_am', 'amname'],
  ['cast', 'pg_cast', `format('%s to %s', castsource::regtype, casttarget::regtype)`],
  ['collation', 'pg_collation', 'collname'],
  ['conversion', 'pg_conversion', 'conname'],
  ['foreign data wrapper', 'pg_foreign_data_wrapper', 'fdwname'],
  ['foreign server', 'pg_foreign_server', 'srvname'],
  ['language', 'pg_language', 'lanname'],
  ['operator', 'pg_operator', 'oid::regoperator'],
  ['operator class', 'pg_opclass', 'opcname'],
  ['publication', 'pg_publication', 'pubname'],
  ['statistics', 'pg_statistic_ext', 'stxname'],
  ['text search configuration', 'pg_ts_config', 'cfgname'],
  ['text search dictionary', 'pg_ts_dict', 'dictname'],
];

// The first oid that is no part of PostgreSQL itself: FirstNormalObjectId.
const FIRST_OID = 16_384;

const DATABASE = `
  WITH space AS (
    SELECT oid, nspname, nspowner, nspacl FROM pg_namespace
    WHERE nspname NOT IN ('chaos_snapshot', 'information_schema') AND nspname !~ '^pg_'
  ), rel AS (
    SELECT c.*, format('%I.%I', s.nspname, c.relname) AS name FROM pg_class c JOIN space s ON s.oid = c.relnamespace
    WHERE c.relpersistence <> 't' AND ${OWN('pg_class', 'c.oid')}
  )
  SELECT 'extension', extname::text, extversion::text FROM pg_extension
  UNION ALL SELECT 'schema', format('%I', nspname), format('%s %s', nspowner::regrole, nspacl) FROM space
  UNION ALL SELECT 'relation', name, concat_ws(' ', relkind, relowner::regrole, relacl, relpersistence, relreplident,
      relrowsecurity, relforcerowsecurity, reloptions, pg_get_expr(relpartbound, oid)) FROM rel
  UNION ALL SELECT 'columns of', rel.name, string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod),
    attcollation,
      attnotnull, attidentity, attgenerated, attacl, pg_get_expr(adbin, adrelid)), ', ' ORDER BY attnum)
    FROM rel JOIN pg_attribute a ON a.attrelid = rel.oid AND attnum > 0 AND NOT attisdropped
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relkind IN ('r', 'p', 'f') GROUP BY rel.name
  UNION ALL SELECT 'view', name, pg_get_viewdef(oid) FROM rel WHERE relkind IN ('v', 'm')
  UNION ALL SELECT 'sequence', name, concat_ws(' ', seqtypid, seqstart, seqincrement, seqmax, seqmin, seqcache,
    seqcycle)
    FROM rel JOIN pg_sequence ON seqrelid = oid
  UNION ALL SELECT 'partition or child', rel.name, inhparent::regclass::text FROM rel
    JOIN pg_inherits ON inhrelid = rel.oid
  UNION ALL SELECT 'index', format('%s on %s', indexrelid::regclass, rel.name), concat_ws(' ',
    pg_get_indexdef(indexrelid), indisvalid)
    FROM pg_index JOIN rel ON rel.oid = indrelid
  UNION ALL SELECT 'constraint', format('%I on %s', conname, coalesce(rel.name, contypid::regtype::text)),
      concat_ws(' ', pg_get_constraintdef(c.oid), convalidated)
    FROM pg_constraint c JOIN space s ON s.oid = connamespace LEFT JOIN rel ON rel.oid = conrelid
    WHERE contype <> 'n' AND ${OWN('pg_constraint', 'c.oid')}
  UNION ALL SELECT 'trigger', format('%I on %s', tgname, rel.name), concat_ws(' ', pg_get_triggerdef(t.oid), tgenabled)
    FROM pg_trigger t JOIN rel ON rel.oid = tgrelid WHERE NOT tgisinternal
  UNION ALL SELECT 'rule', format('%I on %s', rulename, rel.name), concat_ws(' ', pg_get_ruledef(r.oid), ev_enabled)
    FROM pg_rewrite r JOIN rel ON rel.oid = ev_class WHERE rulename <> '_RETURN'
  UNION ALL SELECT 'policy', format('%I on %s', polname, rel.name), concat_ws(' ', polcmd, polpermissive, polroles,
      pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) FROM pg_policy JOIN rel ON rel.oid = polrelid
  UNION ALL SELECT 'function', p.oid::regprocedure::text, concat_ws(' ', proowner::regrole, proacl,
      CASE WHEN prokind = 'a' THEN prokind::text ELSE md5(pg_get_functiondef(p.oid)) END)
    FROM pg_proc p JOIN space s ON s.oid = pronamespace WHERE ${OWN('pg_proc', 'p.oid')}
  UNION ALL SELECT 'type', t.oid::regtype::text, concat_ws(' ', typtype, typowner::regrole, typacl,
    format_type(typbasetype, typtypmod), typnotnull, typdefault,
      (SELECT string_agg(enumlabel, ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),
      (SELECT string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum)
        FROM pg_attribute
       WHERE attrelid = typrelid AND attnum > 0 AND NOT attisdropped),
      (SELECT format_type(rngsubtype, NULL) FROM pg_range WHERE rngtypid = t.oid))
    FROM pg_type t JOIN space s ON s.oid = typnamespace
    WHERE typelem = 0 AND (typrelid = 0 OR (SELECT relkind FROM pg_class c WHERE c.oid = typrelid) = 'c')
      AND ${OWN('pg_type', 't.oid')}
  UNION ALL SELECT 'event trigger', evtname::text, concat_ws(' ', evtevent, evtfoid::regprocedure, evtenabled,
    evttags) FROM pg_event_trigger
  UNION ALL SELECT 'default privileges', concat_ws(' ', defaclrole::regrole, nullif(defaclnamespace, 0)::regnamespace,
    defaclobjtype), defaclacl::text FROM pg_default_acl
  UNION ALL SELECT 'settings of the database', coalesce(nullif(setrole, 0)::regrole::text, 'all roles'), setconfig::text
    FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
  UNION ALL SELECT 'prepared transaction', gid, '' FROM pg_prepared_xacts WHERE database = current_database()
  ${NAMED.map(([kind, catalog, name]) => `UNION ALL SELECT '${kind}', (${name})::text, oid::text FROM ${catalog} WHERE oid >= ${FIRST_OID} AND ${OWN(catalog, `${catalog}.oid`)}`).join('\n  ')}`;

const SERVER = `
  SELECT 'role', rolname::text, concat_ws(' ', rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin,
    rolreplication, rolbypassrls,
      rolconnlimit, rolvaliduntil, md5(rolpassword),
      (SELECT string_agg(roleid::regrole::text, ', ' ORDER BY roleid) FROM pg_auth_members WHERE member = a.oid))
        FROM pg_authid a
  UNION ALL SELECT 'setting of the server', name, setting FROM pg_file_settings
    WHERE sourcefile LIKE '%postgresql.auto.conf'
  UNION ALL SELECT 'settings of a role', concat_ws(' ', nullif(setrole, 0)::regrole, nullif(setdatabase, 0)),
    setconfig::text
    FROM pg_db_role_setting WHERE setdatabase = 0
  UNION ALL SELECT 'database', datname::text, concat_ws(' ', datdba::regrole, datacl, datallowconn, datconnlimit)
    FROM pg_database
  UNION ALL SELECT 'tablespace', spcname::text, oid::text FROM pg_tablespace
  UNION ALL SELECT 'replication slot', slot_name::text, '' FROM pg_replication_slots
  UNION ALL SELECT 'large object', m.oid::text, md5(coalesce((SELECT string_agg(md5(data), '' ORDER BY pageno)
    FROM pg_largeobject WHERE loid = m.oid), ''))
    FROM pg_largeobject_metadata m`;

// Catalogs that change only when an object does. pg_class is none of them: truncating a table writes it.
const CATALOGS: readonly string[] = [
  ...'attribute attrdef type proc constraint index trigger rewrite policy enum range sequence inherits namespace'.split(
    ' ',
  ),
  ...'extension event_trigger default_acl db_role_setting'.split(' '),
  ...NAMED.map(([, catalog]) => catalog.replace(/^pg_/, '')),
];
const SERVER_CATALOGS: readonly string[] =
  'authid auth_members database tablespace largeobject_metadata largeobject'.split(' ');

// Who changes a row writes a new one with a newer xmin, and who deletes one changes the number.
const signed = (catalog: string): string =>
  `(SELECT concat(count(*), ':', max(xmin::text::bigint)) FROM pg_${catalog})`;

const SIGNED_RELATIONS = `(SELECT concat(count(*), ':', sum(hashtextextended(concat_ws(' ', oid, relname,
  relnamespace, relkind, relowner, relacl, relpersistence,
    relreplident, relrowsecurity, relforcerowsecurity, reloptions, relpartbound), 0)::numeric))
    FROM pg_class WHERE oid >= ${FIRST_OID} AND relpersistence <> 't' AND relkind <> 't')`;

const SIGNED_SERVER: readonly string[] = [
  `(SELECT concat(modification, size) FROM pg_stat_file('postgresql.auto.conf'))`,
  `(SELECT string_agg(slot_name, ' ' ORDER BY slot_name) FROM pg_replication_slots)`,
];

function signatureSql(server: boolean): string {
  const parts = [
    ...CATALOGS.map(signed),
    SIGNED_RELATIONS,
    '(SELECT count(*) FROM pg_prepared_xacts)',
    ...(server ? [...SERVER_CATALOGS.map(signed), ...SIGNED_SERVER] : []),
  ];
  return `SELECT concat_ws('|',\n    ${parts.join(',\n    ')})`;
}

/**
 * Creates `chaos_snapshot.drift()`: what differs from now on of everything that is no row, as text, or null. With
 * `server` also what belongs to the whole server, which only a superuser of a server of our own may judge. As long as
 * the signature of the catalogs is the same nothing is compared, which takes a few milliseconds.
 */
export function catalogSql({ server }: { readonly server: boolean }): string {
  return `
CREATE FUNCTION chaos_snapshot.catalog() RETURNS TABLE (kind text, name text, definition text) LANGUAGE sql AS $$
${DATABASE}
${server ? `UNION ALL (${SERVER})` : ''}
$$;

CREATE FUNCTION chaos_snapshot.signature() RETURNS text LANGUAGE sql AS $$
  ${signatureSql(server)}
$$;

CREATE TABLE chaos_snapshot.known_catalog AS SELECT * FROM chaos_snapshot.catalog();

CREATE FUNCTION chaos_snapshot.drift() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  now_signed text := chaos_snapshot.signature();
  differences text;
BEGIN
  IF now_signed IS NOT DISTINCT FROM (SELECT signature FROM chaos_snapshot.known_signature) THEN
    RETURN NULL;
  END IF;
  SELECT string_agg(said, ', ') INTO differences FROM (
    SELECT format('%s %s %s', kind, name, CASE
        WHEN NOT EXISTS (SELECT FROM chaos_snapshot.known_catalog o WHERE (o.kind, o.name) = (d.kind, d.name))
          THEN 'is new'
        WHEN c IS NULL AND NOT EXISTS (SELECT FROM chaos_snapshot.catalog() n
          WHERE (n.kind, n.name) = (d.kind, d.name)) THEN 'is gone'
        ELSE 'was changed' END) AS said
    FROM (
      SELECT kind, name, k, c
      FROM (SELECT kind, name, coalesce(definition, '') AS definition, 1 AS k FROM chaos_snapshot.known_catalog) known
      FULL JOIN (SELECT kind, name, coalesce(definition, '') AS definition, 1 AS c
        FROM chaos_snapshot.catalog()) now USING (kind, name, definition)
      WHERE k IS NULL OR c IS NULL) AS d
    GROUP BY 1 ORDER BY 1 LIMIT 5) AS told;
  IF differences IS NULL THEN
    UPDATE chaos_snapshot.known_signature SET signature = now_signed;
  END IF;
  RETURN differences;
END $$;
`;
}

/** Run last: the catalogs as they are from now on. */
export const SIGN_CATALOGS_SQL = `CREATE TABLE chaos_snapshot.known_signature (signature text);
INSERT INTO chaos_snapshot.known_signature SELECT chaos_snapshot.signature();
`;
