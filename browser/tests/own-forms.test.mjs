// Forms of our own in a browser: papers are asked for, the request is signed by the leader and sealed by the clerk, and the citizen has
// it on a phone; an apology, a refusal at the counter. The demo's certificates sign, and nobody else's.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, visitor } from '../lib/browser.mjs';
import { act, fold, officersOf, send } from '../lib/desk.mjs';
import { demoHouse } from '../lib/house.mjs';
import { received } from '../lib/signing.mjs';
import { soundness } from '../lib/soundness.mjs';

let house;
let browser;
let desk;
let account;
before(async () => {
  house = await demoHouse();
  browser = await launch();
  ({ desk, account } = officersOf(house, browser));
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

const { flaws, sound } = soundness('own-forms');
const REASON = 'Giấy chứng sinh bản chính: bản đã nộp là bản chụp, không có dấu của cơ sở khám bệnh, chữa bệnh.\nVăn bản ủy quyền có chứng thực.';
/** The personal number of whoever hands the dossier in. */
const NUMBER = '099190000017';
const REQUEST = 'Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ';

async function pick(page, name, text) {
  const choice = page.locator(`select[name=${name}]`);
  await choice.selectOption(await choice.locator('option', { hasText: text }).first().getAttribute('value'));
}

let code;
test('papers are asked for, and the request goes to be signed', async () => {
  code = await received(house);
  const reader = await desk('specialist');
  const { page } = reader;
  await page.goto(`${house.url}/ho-so/${code}`);
  await act(page, 'Yêu cầu bổ sung giấy tờ', { 'Giấy tờ cần bổ sung': REASON });
  await page.getByText('Giấy tờ gửi công dân').first().waitFor();
  await sound(reader, 'dossier');
  await page.getByRole('link', { name: new RegExp(REQUEST) }).first().click();
  await page.getByRole('heading', { name: REQUEST }).waitFor();
  await pick(page, 'signs', account('leader').name);
  await pick(page, 'seals', account('clerk').name);
  await sound(reader, 'request');
  const print = await page.getByRole('link', { name: 'In để ký tay' }).getAttribute('href');
  assert.equal((await (await page.request.get(`${house.url}${print}`)).body()).subarray(0, 5).toString(), '%PDF-');
  await send(page, page.getByRole('button', { name: 'Trình ký' }));
  await page.getByText('Chờ ký').first().waitFor();
  await sound(reader, 'sent');
});

test('the leader signs and the clerk seals', async () => {
  const leader = await desk('leader');
  await leader.page.goto(`${house.url}/ky-so`);
  await leader.page.getByRole('row', { name: new RegExp(`${code}/02`) }).locator('[name=chon]').check();
  await leader.page.locator('[name=code]').fill(house.signingCode);
  await sound(leader, 'sign');
  await send(leader.page, leader.page.getByRole('button', { name: 'Ký các văn bản đã chọn' }));
  await leader.page.getByText('Đã ký 1 văn bản').waitFor();
  const { page } = await desk('clerk');
  await page.goto(`${house.url}/dong-dau`);
  await page.getByRole('row', { name: new RegExp(`${code}/02`) }).locator('[name=chon]').check();
  await page.locator('[name=first]').fill('15');
  await page.locator('[name=symbol]').fill('/HDHS');
  await page.locator('[name=code]').fill(house.signingCode);
  await send(page, page.getByRole('button', { name: 'Đóng dấu các văn bản đã chọn' }));
  await page.getByText('Đã đóng dấu 1 văn bản').waitFor();
});

test('the citizen has it on a phone, with the whole of a number', async () => {
  const { page: desktop } = await desk('specialist');
  await desktop.reload();
  await desktop.getByText('Đã ký và đóng dấu').first().waitFor();
  const citizen = await visitor(browser, { width: 390, height: 844 });
  const { page } = citizen;
  await page.goto(`${house.url}/tra-cuu`);
  await page.locator('[name=code]').fill(code);
  await page.locator('[name=tail]').fill('4567');
  await send(page, page.getByRole('button', { name: 'Xem hồ sơ' }));
  await sound(citizen, 'follow');
  await page.getByRole('link', { name: new RegExp(REQUEST) }).click();
  await sound(citizen, 'paper');
  await page.locator('[name=number]').fill('000000000000');
  await send(page, page.getByRole('button', { name: 'Xem giấy tờ' }));
  await page.getByText('Số này không khớp').first().waitFor();
  // A refusal is no answer of 200, and the browser says so.
  citizen.complaints.splice(0);
  await sound(citizen, 'paper-wrong');
  // A file is shown by the browser's own reader, or kept: it is asked for as the form asks.
  const command = await page.locator('[name=command]').inputValue();
  const answer = await page.request.post(page.url(), { form: { command, number: NUMBER }, headers: { origin: house.url } });
  assert.equal(answer.status(), 200);
  assert.equal((await answer.body()).subarray(0, 5).toString(), '%PDF-');
});

test('a result that will be late is apologised for', async () => {
  const late = await received(house);
  const reader = await desk('specialist');
  const { page } = reader;
  await page.goto(`${house.url}/ho-so/${late}`);
  const folded = await fold(page, 'Xin lỗi và hẹn lại ngày trả');
  await folded.getByLabel('Lý do chậm').fill('Cơ quan phối hợp chưa trả lời kết quả xác minh.');
  await sound(reader, 'apology');
  await send(page, folded.getByRole('button', { name: 'Xin lỗi và hẹn lại ngày trả' }));
  await page.getByText('Ghi đủ ngày, tháng, năm hẹn lại.').first().waitFor();
});

test('what is not received is refused with reasons', async () => {
  const reader = await desk('counter');
  const { page } = reader;
  await page.goto(`${house.url}/tiep-nhan/2.000815`);
  const folded = await fold(page, 'Không tiếp nhận hồ sơ');
  await folded.getByLabel(/Lý do không tiếp nhận/).fill('Không có bản chính để đối chiếu.');
  await sound(reader, 'refusal');
});

test('every page on the way was sound', () => {
  assert.deepEqual(flaws, []);
});
