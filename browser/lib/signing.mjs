// A document on its way to be signed, and the certificates of the tests, which are nobody's.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fold, send } from './desk.mjs';

const SERVICES = new URL('../../services/', import.meta.url).pathname;
const MATERIAL = join(SERVICES, 'signatures/src/tests/material');
const PYTHON = process.env.NHAVIEC_PYHANKO ?? join(homedir(), '.cache/nhaviec/pyhanko/bin/python');

/** What unlocks the key files. */
export const CODE = 'ma-mo-khoa-thu';
const openssl = (...words) => execFileSync('openssl', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** A dossier that waits for the specialist, as a program receives it. */
export async function received(house) {
  const form = {
    applicant_name: 'Lò Thị Mẩy', applicant_birth_date: '02/09/1990', applicant_identity: '099190000017',
    applicant_address: 'Bản Huổi Lếch, xã Phúc Khê', applicant_phone: '0571234567', documents: 'Bằng tốt nghiệp', pages: '2', copies_wanted: '3',
  };
  const answer = await fetch(`${house.url}/api/v1/dossiers`, {
    method: 'POST',
    headers: { authorization: `Bearer ${house.token}`, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify({ procedure: '2.000815', channel: 'counter', form, papers: [{ requirement: 'ban-chinh', originals: 1 }] }),
  });
  assert.equal(answer.status, 201, await answer.clone().text());
  return (await answer.json()).code;
}

/**
 * Drafts a result that the house itself typeset, with places kept for number and day; or something else under `title`, as the `role`
 * that its choice says. `look` is shown the form first.
 */
export async function submit(page, { house, code, title, role }, look = async () => {}) {
  const draft = await page.request.get(`${house.url}/ho-so/${code}/giay-tiep-nhan.pdf?kho=A4`);
  await page.goto(`${house.url}/ho-so/${code}`);
  const folded = await fold(page, 'Trình ký văn bản kết quả');
  await folded.getByLabel('Tên văn bản').fill(title ?? 'Bản sao chứng thực bằng tốt nghiệp trung học phổ thông');
  await folded.locator('input[type=file]').setInputFiles([{ name: 'ban-sao.pdf', mimeType: 'application/pdf', buffer: await draft.body() }]);
  if (role) {
    const choice = folded.locator('[name="trinh-ky.role"]');
    await choice.selectOption(await choice.locator('option', { hasText: role }).first().getAttribute('value'));
  } else {
    await folded.getByLabel(/Chừa chỗ/).check();
  }
  await look();
  await send(page, folded.getByRole('button', { name: 'Trình ký văn bản kết quả' }));
  await page.getByText('Đã trình ký văn bản').waitFor();
}

/** Adds a certificate on its page: a key file with its code, or a certificate alone. */
export async function addCertificate(page, house, name) {
  const alone = name.endsWith('.cer');
  const buffer = alone ? certificateOf(name.replace('.cer', '.p12')) : readFileSync(join(MATERIAL, name));
  await page.goto(`${house.url}/chung-thu-ky/them`);
  await page.locator('[name=whose]').first().check();
  await page.locator('[name=file]').setInputFiles([{ name, mimeType: 'application/octet-stream', buffer }]);
  if (!alone) await page.locator('[name=code]').fill(CODE);
  await send(page, page.getByRole('button', { name: 'Thêm chứng thư' }));
}

function certificateOf(keyFile) {
  return Buffer.from(openssl('pkcs12', '-in', join(MATERIAL, keyFile), '-nokeys', '-clcerts', '-passin', `pass:${CODE}`));
}

/** The house trusts whoever issued the certificates of the tests. */
export function trust(house, root = join(MATERIAL, 'root.pem')) {
  const hash = openssl('x509', '-in', root, '-noout', '-fingerprint', '-sha256').split('=')[1].trim();
  house.run('import', 'trust', '--sha256', hash, '--source', 'Công văn mẫu', root);
}

/** The government's signing tool at this computer, simulated, with the token of a person: `{ stop }`. */
export async function tool(keyFile, ...options) {
  const place = mkdtempSync(join(tmpdir(), 'nhaviec-tool-'));
  const [key, certificate] = [join(place, 'key.pem'), join(place, 'certificate.pem')];
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1',
    '-keyout', key, '-out', certificate);
  const program = join(SERVICES, 'signing/tests/simulators/vgca_tool.py');
  const words = ['--port', '8987', '--certificate', certificate, '--key', key, '--p12', join(MATERIAL, keyFile), '--password', CODE];
  return simulated([program, ...words, ...options], place);
}

/** Starts a simulator that works in a folder of its own: `{ said, stop }`, with what it said of itself. */
async function simulated(words, place) {
  const process = spawn(PYTHON, words, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ready = new Promise((resolve) => process.stdout.once('data', resolve));
  const gone = new Promise((resolve) => process.once('exit', resolve));
  const first = await Promise.race([ready, gone.then(() => null)]);
  if (first === null) throw new Error(`${words[0]} does not start`);
  return {
    said: JSON.parse(first),
    async stop() {
      process.kill();
      await gone;
      rmSync(place, { recursive: true, force: true });
    },
  };
}

/** A remote signing service, simulated, and a person's phone: `{ user, environment, phone, stop }`. */
export async function provider(...options) {
  const place = mkdtempSync(join(tmpdir(), 'nhaviec-provider-'));
  const program = join(SERVICES, 'signing/tests/simulators/signing_provider.py');
  const { said, stop } = await simulated([program, '--folder', place, '--key', 'rsa2048', ...options], place);
  const base = `http://127.0.0.1:${said.port}`;
  return {
    user: said.user,
    /** What a server is told of it. */
    environment: {
      NHAVIEC_REMOTE_URL: `${base}/csc/v2`,
      NHAVIEC_REMOTE_TOKEN_URL: `${base}/oauth2/token`,
      NHAVIEC_REMOTE_CLIENT: 'nhaviec',
      NHAVIEC_REMOTE_SECRET: 'bí mật & lâu dài',
    },
    /** Its root, to be trusted. */
    root: join(place, 'root.der'),
    /** The phone answers all that waits: `confirm` or `refuse`. */
    async phone(answer) {
      const { status } = await fetch(`${base}/phone/${answer}`, { method: 'POST' });
      assert.equal(status, 200);
    },
    stop,
  };
}
