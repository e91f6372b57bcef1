// A certificate is asked for in a browser: by its owner, confirmed and sent by whoever keeps the register. Nobody of them exists.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from '../lib/browser.mjs';
import { officersOf, send } from '../lib/desk.mjs';
import { demoHouse } from '../lib/house.mjs';
import { soundness } from '../lib/soundness.mjs';

const OWN = '/chung-thu-ky/de-nghi';
const REGISTER = '/quan-tri/chung-thu-ky/de-nghi';

let house;
let browser;
let desk;
before(async () => {
  house = await demoHouse();
  browser = await launch();
  ({ desk } = officersOf(house, browser));
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

const { flaws, sound } = soundness('requests');

let request;
test('a specialist asks for a first certificate', async () => {
  const reader = await desk('specialist');
  const { page } = reader;
  await page.goto(`${house.url}${OWN}`);
  await page.getByText('Chưa có đề nghị nào').waitFor();
  await sound(reader, 'none');
  await page.goto(`${house.url}${OWN}/moi`);
  await sound(reader, 'kinds');
  await page.goto(`${house.url}${OWN}/moi?loai=new`);
  await sound(reader, 'form');
  await send(page, page.locator('main form[method=post] [type=submit]').last());
  // Chromium tells of every refusal.
  assert.match(reader.complaints.splice(0).join(), /422/);
  await sound(reader, 'wrong');
  await page.locator('[name=email]').fill('tuphap.mau@phuckhe.vidu.gov.vn');
  await page.locator('[name=phone]').fill('0905 123 456');
  await page.locator('[name=identity]').fill('000000000012');
  await send(page, page.locator('main form[method=post] [type=submit]').last());
  request = new URL(page.url()).pathname;
  assert.match(request, /^\/chung-thu-ky\/de-nghi\/\d+$/);
  await page.getByText('Chờ xác nhận').first().waitFor();
  await sound(reader, 'asked');
});

test('whoever keeps the register confirms it and notes with which document it went', async () => {
  const reader = await desk('administrator');
  const { page } = reader;
  await page.goto(`${house.url}${REGISTER}`);
  await sound(reader, 'register');
  await page.goto(`${house.url}${request}`);
  await sound(reader, 'to-confirm');
  await send(page, page.locator(`form[action$="/xac-nhan"] [type=submit]`));
  const printed = await page.request.get(`${house.url}${request}/in.pdf`);
  assert.equal((await printed.body()).subarray(0, 5).toString(), '%PDF-');
  await page.goto(`${house.url}${REGISTER}?trang-thai=confirmed`);
  await page.locator('[name=chon]').first().check();
  await page.locator('[name=number]').fill('125/UBND-VP');
  await sound(reader, 'to-send');
  await send(page, page.locator(`form[action$="/gui"] [type=submit]`).last());
  await page.goto(`${house.url}${REGISTER}?trang-thai=sent`);
  await page.getByText('125/UBND-VP').first().waitFor();
  await sound(reader, 'sent');
});

test('every page on the way was sound', () => {
  assert.deepEqual(flaws, []);
});
