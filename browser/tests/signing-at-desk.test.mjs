// A result signed with a token at the leader's own computer: the page hands it to the government's tool, here a simulated
// one, which fetches it, signs it and hands it in. The certificates are those of the tests, and nobody's.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from '../lib/browser.mjs';
import { officersOf, send } from '../lib/desk.mjs';
import { demoHouse } from '../lib/house.mjs';
import { addCertificate, received, submit, tool, trust } from '../lib/signing.mjs';
import { soundness } from '../lib/soundness.mjs';

let house;
let browser;
let desk;
let passTo;
let running;
before(async () => {
  house = await demoHouse();
  trust(house);
  browser = await launch();
  // The tool's own certificate is one that its installer gives to the computer.
  ({ desk, passTo } = officersOf(house, browser, { ignoreHTTPSErrors: true }));
});
after(async () => {
  await running?.stop();
  await browser?.close();
  await house?.stop();
});

const { flaws, sound } = soundness('signing-at-desk');

/** A document that waits for the leader. */
async function drafted() {
  const code = await received(house);
  const { page } = await desk('specialist');
  await submit(page, { house, code });
  await passTo(page, 'leader', {});
}

async function sendOut(page) {
  await page.goto(`${house.url}/ky-so`);
  await page.locator('[name=chon]').first().check();
  await page.getByLabel('Lê Văn Mẫu').check();
  await send(page, page.getByRole('button', { name: 'Ký các văn bản đã chọn' }));
}

test('a certificate is added without its key', async () => {
  await drafted();
  const { page } = await desk('leader');
  await addCertificate(page, house, 'person.cer');
  await page.getByText('USB ký số').first().waitFor();
});

test('without the tool the page says what to do, and tries again', async () => {
  const reader = await desk('leader');
  const { page } = reader;
  await sendOut(page);
  await page.getByText('Không gặp được công cụ ký trên máy này').waitFor();
  // That nobody listens is what the browser complains about, rightly.
  const others = reader.complaints.splice(0).filter((complaint) => !complaint.includes('wss://127.0.0.1:8987'));
  assert.deepEqual(others, []);
  await sound(reader, 'no-tool');
  running = await tool('person.p12', '--delay', '1');
  await page.getByRole('button', { name: 'Thử lại các văn bản chưa ký' }).press('Enter');
  await page.getByText('Đang chờ công cụ ký').waitFor();
  await page.getByText('Đã ký 1 văn bản').waitFor();
  await sound(reader, 'signed');
  await page.getByRole('link', { name: /Bản sao chứng thực/ }).first().click();
  await page.getByText('Đã ký, chờ đóng dấu').first().waitFor();
});

test('a tool that gives back another file has signed nothing', async () => {
  await running.stop();
  running = await tool('person.p12', '--lie', 'other-file');
  await drafted();
  const reader = await desk('leader');
  const { page } = reader;
  await sendOut(page);
  await page.getByText('Có văn bản chưa ký được').waitFor();
  await sound(reader, 'lies');
  await page.getByRole('link', { name: 'Xem kết quả' }).press('Enter');
  await page.getByText('không phải văn bản đã gửi đi').waitFor();
  await sound(reader, 'refused');
});

test('every page on the way was sound', () => {
  assert.deepEqual(flaws, []);
});
