// A seal whose key lies at a remote service: the request waits for the clerk's phone, here a simulated one, and the page goes on
// by itself once it is answered. The certificates are those of the tests, and nobody's.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from '../lib/browser.mjs';
import { officersOf, send } from '../lib/desk.mjs';
import { demoHouse } from '../lib/house.mjs';
import { CODE, addCertificate, provider, received, submit, trust } from '../lib/signing.mjs';
import { soundness } from '../lib/soundness.mjs';

let house;
let browser;
let desk;
let passTo;
let service;
before(async () => {
  service = await provider();
  house = await demoHouse({ more: service.environment });
  trust(house);
  trust(house, service.root);
  browser = await launch();
  ({ desk, passTo } = officersOf(house, browser));
});
after(async () => {
  await browser?.close();
  await house?.stop();
  await service?.stop();
});

const { flaws, sound } = soundness('signing-remote');

test('a document is signed by the leader and comes to the clerk', async () => {
  const code = await received(house);
  const { page: specialist } = await desk('specialist');
  await submit(specialist, { house, code });
  await passTo(specialist, 'leader', {});
  const { page } = await desk('leader');
  await addCertificate(page, house, 'person.p12');
  await page.goto(`${house.url}/ky-so`);
  await page.locator('[name=chon]').first().check();
  await page.getByLabel('Lê Văn Mẫu').check();
  await page.locator('[name=code]').fill(CODE);
  await send(page, page.getByRole('button', { name: 'Ký các văn bản đã chọn' }));
  await page.goto(`${house.url}/ho-so/${code}`);
  await passTo(page, 'clerk', {});
});

test('the clerk adds the agency’s certificate by the name at the service', async () => {
  const reader = await desk('clerk');
  const { page } = reader;
  await page.goto(`${house.url}/chung-thu-ky/them`);
  await page.locator('[name=whose]').last().check();
  await page.locator('[name=user]').fill(service.user);
  await sound(reader, 'certificate-form');
  await send(page, page.getByRole('button', { name: 'Thêm chứng thư' }));
  await page.getByText('Ký từ xa').first().waitFor();
  await sound(reader, 'certificates');
});

async function ask(page) {
  await page.goto(`${house.url}/dong-dau`);
  await page.locator('[name=chon]').first().check();
  await page.locator('[name=first]').fill('5');
  await page.locator('[name=symbol]').fill('/CT-SY');
  await page.getByLabel('Nguyễn Văn An').check();
  await send(page, page.getByRole('button', { name: 'Đóng dấu các văn bản đã chọn' }));
  await page.getByRole('heading', { name: 'Chờ xác nhận trên điện thoại' }).waitFor();
}

test('whoever refuses on the phone seals nothing, and is told', async () => {
  const reader = await desk('clerk');
  const { page } = reader;
  await ask(page);
  await sound(reader, 'waiting');
  await service.phone('refuse');
  await page.getByText('từ chối trên điện thoại').waitFor({ timeout: 30_000 });
  await sound(reader, 'refused');
});

test('a request can be taken back', async () => {
  const { page } = await desk('clerk');
  await ask(page);
  await send(page, page.getByRole('button', { name: 'Hủy yêu cầu' }));
  await page.getByText('đã hủy yêu cầu').waitFor();
});

test('whoever agrees on the phone has sealed, and the page goes on by itself', async () => {
  const reader = await desk('clerk');
  const { page } = reader;
  await ask(page);
  await service.phone('confirm');
  await page.getByText('Đã đóng dấu 1 văn bản').waitFor({ timeout: 30_000 });
  await sound(reader, 'sealed');
  await page.getByRole('link', { name: /Bản sao chứng thực/ }).first().click();
  await page.getByText('05/CT-SY').waitFor();
});

test('every page on the way was sound', () => {
  assert.deepEqual(flaws, []);
});
