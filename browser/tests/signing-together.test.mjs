// Two dossiers at once, with an attachment and a copy: signed together, sealed together, ended together, and their files looked at.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from '../lib/browser.mjs';
import { officersOf, send } from '../lib/desk.mjs';
import { demoHouse } from '../lib/house.mjs';
import { CODE, addCertificate, received, submit, trust } from '../lib/signing.mjs';
import { soundness } from '../lib/soundness.mjs';

const ATTACHMENT = 'Danh sách các văn bằng, chứng chỉ được chứng thực kèm theo';
const COPY = 'Sao y Quyết định phân công chứng thực';

let house;
let browser;
let desk;
let passTo;
before(async () => {
  house = await demoHouse();
  trust(house);
  browser = await launch();
  ({ desk, passTo } = officersOf(house, browser));
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

const { flaws, sound } = soundness('signing-together');
const codes = [];

test('an attachment and a copy are submitted beside the results of two dossiers', async () => {
  const reader = await desk('specialist');
  const { page } = reader;
  for (const more of [true, false]) {
    const code = await received(house);
    codes.push(code);
    await submit(page, { house, code });
    if (more) {
      await submit(page, { house, code, title: ATTACHMENT, role: /kèm theo/ }, () => sound(reader, 'attach'));
      await submit(page, { house, code, title: COPY, role: /Bản sao: sao y/ });
      await sound(reader, 'submitted');
    }
    await page.goto(`${house.url}/ho-so/${code}`);
    await passTo(page, 'leader', {});
  }
});

test('the leader signs what a person signs', async () => {
  const reader = await desk('leader');
  const { page } = reader;
  await addCertificate(page, house, 'person.p12');
  await page.goto(`${house.url}/ky-so`);
  await page.getByRole('link', { name: ATTACHMENT }).waitFor();
  assert.equal(await page.locator('[name=chon]').count(), 2, 'attachments and copies are nobody’s to sign');
  await sound(reader, 'sign');
  for (const box of await page.locator('[name=chon]').all()) await box.check();
  await page.locator('[name=code]').fill(CODE);
  await send(page, page.getByRole('button', { name: 'Ký các văn bản đã chọn' }));
  await page.getByText('Đã ký 2 văn bản').waitFor();
  for (const code of codes) {
    await page.goto(`${house.url}/ho-so/${code}`);
    await passTo(page, 'clerk', {});
  }
});

test('the clerk seals all of it with one unlocking, and ends both dossiers', async () => {
  const reader = await desk('clerk');
  const { page } = reader;
  await page.goto(`${house.url}/dong-dau`);
  await page.getByText('không có chữ ký của người').waitFor();
  await sound(reader, 'seal');
  for (const box of await page.locator('[name=chon]').all()) await box.check();
  await page.locator('[name=first]').fill('5');
  await page.locator('[name=symbol]').fill('/CT-SY');
  await page.locator('[name=code]').fill(house.signingCode);
  await send(page, page.getByRole('button', { name: 'Đóng dấu các văn bản đã chọn' }));
  await page.getByText('Đã đóng dấu 4 văn bản').waitFor();
  await sound(reader, 'sealed');
  await page.getByRole('link', { name: 'Chuyển tiếp 2 hồ sơ này' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await sound(reader, 'end');
  await send(page, page.getByRole('button', { name: /Chuyển|Hoàn thành|Kết thúc/ }).last());
  await sound(reader, 'ended');
  for (const code of codes) {
    await page.goto(`${house.url}/ho-so/${code}`);
    await page.getByText('Đã xử lý xong').first().waitFor();
  }
  await page.goto(`${house.url}/ho-so/${codes[0]}`);
  for (const title of [ATTACHMENT, COPY]) await page.getByText(title).first().waitFor();
  await sound(reader, 'dossier');
});

test('every page on the way was sound', () => {
  assert.deepEqual(flaws, []);
});
