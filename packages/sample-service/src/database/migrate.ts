import type { Queries } from './connections.js';

// One string, one round trip, one transaction; the lock makes instances that start together take turns.
const SCHEMA = `
BEGIN;
SELECT pg_advisory_xact_lock(72701);
CREATE TABLE IF NOT EXISTS accounts (id text PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0));
CREATE TABLE IF NOT EXISTS counters (name text PRIMARY KEY, value bigint NOT NULL);
CREATE TABLE IF NOT EXISTS documents (id text PRIMARY KEY, body text NOT NULL, version integer NOT NULL);
CREATE TABLE IF NOT EXISTS stock (item text PRIMARY KEY, quantity bigint NOT NULL CHECK (quantity >= 0));
CREATE TABLE IF NOT EXISTS bookings (
  reference text PRIMARY KEY, item text NOT NULL REFERENCES stock, quantity bigint NOT NULL CHECK (quantity > 0)
);
CREATE TABLE IF NOT EXISTS operations (
  key text PRIMARY KEY, request text NOT NULL, answer json, created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS operations_created_at ON operations (created_at);
DELETE FROM operations WHERE created_at < now() - interval '1 day';
COMMIT`;

/** Migrates the database to the schema that the service needs. Safe to run twice, and by several instances at once. */
export async function migrate(queries: Queries): Promise<void> {
  await queries.rows(SCHEMA);
}
