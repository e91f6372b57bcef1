// A schema of its own on the PostgreSQL server that the tests are given.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

/** The address of a superuser, as `with-postgres` sets it. */
const ADDRESS = 'NHAVIEC_TEST_POSTGRES';
const INSTALLED = '/usr/lib/postgresql';

/** The newest client that is installed; its folder need not stand in PATH. */
function psql() {
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => `${INSTALLED}/${version}/bin/psql`).find((path) => existsSync(path)) ?? 'psql';
}

/** Runs statements at an address and answers what they print. */
function run(url, sql) {
  const flags = ['--no-psqlrc', '--quiet', '--no-align', '--tuples-only', '--set=ON_ERROR_STOP=1'];
  return execFileSync(psql(), [...flags, `--dbname=${url}`, `--command=${sql}`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** `{ url, ask, drop }`: the address works in the new schema and in no other. */
export function freshSchema() {
  const server = process.env[ADDRESS];
  // Failing is better than passing without PostgreSQL: an engine that is not tested is not supported.
  if (!server) throw new Error(`${ADDRESS} is not set: run «make test», or put with-postgres before the command`);
  const name = `nhaviec_browser_${process.pid}`;
  run(server, `CREATE SCHEMA ${name}`);
  const url = `${server}${server.includes('?') ? '&' : '?'}options=-csearch_path%3D${name}`;
  return { url, ask: (sql) => run(url, sql), drop: () => run(server, `DROP SCHEMA ${name} CASCADE`) };
}
