import type { Queries } from './connections.js';

// One string, one round trip, one transaction; the lock makes instances that start together take turns.
const SCHEMA = `
BEGIN;
SELECT pg_advisory_xact_lock(72701);
CREATE TABLE IF NOT EXISTS accounts (id text PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0));
CREATE TABLE IF NOT EXISTS counters (name text PRIMARY KEY, value bigint NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
  id text NOT NULL, body text NOT NULL, version integer NOT NULL, tenant text NOT NULL DEFAULT 'main', PRIMARY KEY (id, tenant)
);
CREATE TABLE IF NOT EXISTS members (
  tenant text NOT NULL, subject text NOT NULL, roles text[] NOT NULL, PRIMARY KEY (tenant, subject)
);
CREATE TABLE IF NOT EXISTS stock (item text PRIMARY KEY, quantity bigint NOT NULL CHECK (quantity >= 0));
CREATE TABLE IF NOT EXISTS bookings (
  reference text PRIMARY KEY, item text NOT NULL REFERENCES stock, quantity bigint NOT NULL CHECK (quantity > 0)
);
CREATE TABLE IF NOT EXISTS operations (
  key text PRIMARY KEY, request text NOT NULL, answer json, created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS duties (team text, person text, PRIMARY KEY (team, person));
CREATE TABLE IF NOT EXISTS reservations (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, room text NOT NULL, first integer NOT NULL, last integer NOT NULL
);
CREATE TABLE IF NOT EXISTS job_runs (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, job text NOT NULL, start_ms double precision NOT NULL, end_ms double precision NOT NULL
);
CREATE TABLE IF NOT EXISTS settlements (name text PRIMARY KEY, fence bigint NOT NULL);
CREATE SEQUENCE IF NOT EXISTS settlement_fence;
CREATE INDEX IF NOT EXISTS operations_created_at ON operations (created_at);
DELETE FROM operations WHERE created_at < now() - interval '1 day';
COMMIT`;

/** Migrates the database to the schema that the service needs. Safe to run twice, and by several instances at once. */
export async function migrate(queries: Queries): Promise<void> {
  await queries.rows(SCHEMA);
}
