// A result signed where it is made, in a browser: drafted, previewed, signed by the leader, numbered and sealed by the clerk,
// handed out, and checked by a stranger. The key files are those of the tests, and nobody's.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, visitor } from '../lib/browser.mjs';
import { fold, officersOf, send } from '../lib/desk.mjs';
import { demoHouse } from '../lib/house.mjs';
import { CODE, addCertificate, received, submit, trust } from '../lib/signing.mjs';
import { soundness } from '../lib/soundness.mjs';

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

const { flaws, sound } = soundness('signing');

// The place of the signature is chosen on the page itself: pressed, seen, pressed again.
async function placed(reader) {
  const { page } = reader;
  const drawn = () => page.waitForResponse((answer) => /\/trang\/\d+\?/.test(answer.url()) && answer.ok());
  const first = drawn();
  await page.getByRole('link', { name: 'Chọn vị trí chữ ký' }).click();
  const before = await (await first).body();
  assert.equal(before.subarray(1, 4).toString(), 'PNG');
  await sound(reader, 'place');
  const picture = page.locator('.point-at input:visible');
  const { width, height } = await picture.boundingBox();
  const second = drawn();
  await picture.click({ position: { x: width * 0.3, y: height * 0.4 } });
  const after = await (await second).body();
  assert.notDeepEqual(after, before, 'the picture shows where it is now');
  await page.locator('details', { hasText: 'Đặt bằng số đo' }).locator('summary').click();
  const [left, top] = await Promise.all(['left', 'top'].map((name) => page.locator(`[name=${name}]`).inputValue()));
  // A4: 210 by 297 millimetres.
  assert.ok(Math.abs(left - 63) <= 1 && Math.abs(top - 119) <= 1, `${left} ${top}`);
  await sound(reader, 'placed');
  await page.getByRole('link', { name: 'Xong' }).click();
  await page.getByText(/Chỗ đã chọn trên trang \d/).waitFor();
}

let code;
test('a result is drafted, and its places are seen before anybody signs', async () => {
  code = await received(house);
  const reader = await desk('specialist');
  const { page } = reader;
  await submit(page, { house, code }, () => sound(reader, 'submit'));
  await page.getByRole('link', { name: /Bản sao chứng thực/ }).first().click();
  await page.getByRole('heading', { name: /Bản sao chứng thực/ }).waitFor();
  await sound(reader, 'document');
  const href = await page.getByRole('link', { name: 'Xem trước' }).getAttribute('href');
  const preview = await page.request.get(`${house.url}${href}`);
  assert.equal((await preview.body()).subarray(0, 5).toString(), '%PDF-');
  await placed(reader);
  await page.goto(`${house.url}/ho-so/${code}`);
  await passTo(page, 'leader', {});
});

test('the leader signs with one unlocking', async () => {
  const reader = await desk('leader');
  const { page } = reader;
  await page.goto(`${house.url}/chung-thu-ky/them`);
  await sound(reader, 'certificate-form');
  await addCertificate(page, house, 'person.p12');
  await sound(reader, 'certificates');
  await page.goto(`${house.url}/ky-so`);
  await page.locator('[name=chon]').first().check();
  await page.getByLabel('Lê Văn Mẫu').check();
  await page.locator('[name=code]').fill(CODE);
  await sound(reader, 'sign');
  await send(page, page.getByRole('button', { name: 'Ký các văn bản đã chọn' }));
  await page.getByText('Đã ký 1 văn bản').waitFor();
  await sound(reader, 'signed');
  await page.goto(`${house.url}/ho-so/${code}`);
  await passTo(page, 'clerk', {});
});

test('the clerk numbers and seals it, and the file is handed out', async () => {
  const reader = await desk('clerk');
  const { page } = reader;
  await page.goto(`${house.url}/dong-dau`);
  await page.locator('[name=chon]').first().check();
  await page.locator('[name=first]').fill('5');
  await page.locator('[name=symbol]').fill('/CT-SY');
  // The demo's own seal.
  await page.locator('[name=code]').fill(house.signingCode);
  await sound(reader, 'seal');
  await send(page, page.getByRole('button', { name: 'Đóng dấu các văn bản đã chọn' }));
  await page.getByText('Đã đóng dấu 1 văn bản').waitFor();
  await page.getByRole('link', { name: /Bản sao chứng thực/ }).first().click();
  await page.getByText('05/CT-SY').waitFor();
  await sound(reader, 'sealed');
  await page.goto(`${house.url}/ho-so/${code}`);
  const folded = await fold(page, 'Hoàn thành');
  assert.ok(await folded.getByLabel(/Bản sao chứng thực/).isChecked(), 'what was signed here is ticked');
  await sound(reader, 'finish');
  await send(page, folded.getByRole('button', { name: 'Hoàn thành' }));
  await page.getByText('Đã xử lý xong').first().waitFor();
});

test('a stranger checks the file', async () => {
  const { page: clerk } = await desk('clerk');
  const link = clerk.getByRole('link', { name: /Bản sao chứng thực/ }).last();
  const signed = await clerk.request.get(`${house.url}${await link.getAttribute('href')}`);
  const { page } = await visitor(browser);
  await page.goto(`${house.url}/kiem-tra-chu-ky`);
  await page.locator('[name=file]').setInputFiles([{ name: 'ban-sao.pdf', mimeType: 'application/pdf', buffer: await signed.body() }]);
  await send(page, page.getByRole('button', { name: 'Kiểm tra' }));
  const text = await page.locator('main').innerText();
  assert.match(text, /Lê Văn Mẫu/);
  assert.match(text, /Ủy ban nhân dân xã Phúc Khê/);
});

test('every page on the way was sound', () => {
  assert.deepEqual(flaws, []);
});
