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

/** `{ url, accounts, token, stop }`: a demo commune that serves; `account(post)` finds one by its kind of post. */
export async function demoHouse({ dossiers = 60 } = {}) {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not built`);
  const place = mkdtempSync(join(tmpdir(), 'nhaviec-browser-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { ...process.env, NHAVIEC_DATA: place, NHAVIEC_LISTEN: `127.0.0.1:${port}` };
  delete env.NHAVIEC_DATABASE;
  const printed = execFileSync(PROGRAM, ['demo', '--json', '--dossiers', String(dossiers)], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const { accounts, token } = JSON.parse(printed);
  const server = spawn(PROGRAM, ['serve'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  for (let tries = 0; ; tries += 1) {
    const answer = await fetch(`${url}/healthz`).catch(() => null);
    if (answer?.ok) break;
    if (tries > 100) throw new Error('the server does not answer');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    accounts,
    token,
    stop() {
      server.kill();
      rmSync(place, { recursive: true, force: true });
    },
  };
}

/** Signs in through the page, as people do. */
export async function signIn(page, url, { username, password }) {
  await page.goto(`${url}/dang-nhap`);
  await page.getByLabel('Tên đăng nhập').fill(username);
  await page.getByLabel('Mật khẩu').first().fill(password);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.waitForURL((address) => !address.pathname.startsWith('/dang-nhap'));
}

const VALUES = [
  [/date|_day|ngay/, '02/01/2026'],
  [/identity/, '099190000123'],
  [/phone/, '0571234567'],
  [/mail/, 'dan@phuckhe.example'],
  [/time|gio/, '07:45'],
  [/ethnicity/, 'Thái'],
  [/nationality/, 'Việt Nam'],
  [/name|who/, 'Chẩu Thị Xuyến Chi'],
];

/** Fills every empty field that the procedure declares, with values that pass its checks. */
export async function fillForm(page) {
  for (const field of await page.locator('main form [name^="f."]').all()) {
    const [name, type, value, tag, mode] = await field.evaluate((e) => [e.name, e.type, e.value, e.tagName, e.inputMode]);
    if (type === 'radio') {
      if (!(await page.locator(`[name="${name}"]:checked`).count())) await field.check();
    } else if (type === 'checkbox') {
      await field.check();
    } else if (!value && tag === 'SELECT') {
      const options = await field.locator('option').evaluateAll((all) => all.map((o) => o.value).filter(Boolean));
      await field.selectOption(options[0]);
    } else if (!value) {
      const known = VALUES.find(([pattern]) => pattern.test(name));
      await field.fill(known ? known[1] : mode === 'numeric' ? '1' : 'Bản Huổi Lếch, xã Phúc Khê');
    }
  }
}
