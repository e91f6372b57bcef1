// Starts the real program over a demo database of its own, in a folder of its own.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const TARGET = process.env.CARGO_TARGET_DIR ?? join(homedir(), '.cache/nhaviec/target');
const PROGRAM = process.env.NHAVIEC_PROGRAM ?? join(TARGET, 'debug/nhaviec');

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * `{ url, accounts, token, signingCode, run, stop }`: a demo commune that serves; over a file of its own when no `database` is named; `more` is for its environment.
 * With `encrypted`, `url` is of its TLS door and `plain` of the other one; `named` gives it an address to which browsers give passkeys.
 */
export async function demoHouse({ dossiers = 60, database, encrypted = false, named = false, more = {} } = {}) {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not built`);
  const place = mkdtempSync(join(tmpdir(), 'nhaviec-browser-'));
  const port = await freePort();
  const url = `${encrypted ? 'https' : 'http'}://${named ? 'localhost' : '127.0.0.1'}:${port}`;
  const plain = encrypted ? `127.0.0.1:${await freePort()}` : undefined;
  const env = { ...process.env, NHAVIEC_DATA: place, NHAVIEC_LISTEN: `127.0.0.1:${port}`, NHAVIEC_PUBLIC_URL: url, ...more };
  // What the caller's shell names is somebody's real database.
  delete env.NHAVIEC_DATABASE;
  if (encrypted) Object.assign(env, { NHAVIEC_TLS: 'local', NHAVIEC_LISTEN_PLAIN: plain });
  if (database) env.NHAVIEC_DATABASE = database;
  const printed = execFileSync(PROGRAM, ['demo', '--json', '--dossiers', String(dossiers)], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const { accounts, token, signing_code: signingCode } = JSON.parse(printed);
  const server = spawn(PROGRAM, ['serve'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  for (let tries = 0; ; tries += 1) {
    const answer = await fetch(encrypted ? `http://${plain}/cai-chung-thu` : `${url}/healthz`).catch(() => null);
    if (answer?.ok) break;
    if (tries > 100) throw new Error('the server does not answer');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    plain: plain && `http://${plain}`,
    accounts,
    token,
    signingCode,
    /** Runs a command of the program over the same database. */
    run: (...words) => execFileSync(PROGRAM, words, { env, encoding: 'utf8' }),
    async stop() {
      if (server.exitCode === null && server.signalCode === null) {
        const gone = new Promise((resolve) => server.once('exit', resolve));
        server.kill();
        await gone;
      }
      rmSync(place, { recursive: true, force: true });
    },
  };
}

/** Signs in through the page, as people do. */
export async function signIn(page, url, { username, password }) {
  await page.goto(`${url}/dang-nhap`);
  await page.getByLabel('Tên đăng nhập').fill(username);
  await page.getByLabel('Mật khẩu').first().fill(password);
  await page.getByRole('button', { name: 'Đăng nhập', exact: true }).click();
  await page.waitForURL((address) => !address.pathname.startsWith('/dang-nhap'));
}
