// The whole journey of one dossier in a browser: the counter receives, the steps pass it on and back, the counter
// delivers, and the citizen follows without a script. Every page on the way is asked for accessibility and reflow.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, shot, visitor } from '../lib/browser.mjs';
import { soundness } from '../lib/soundness.mjs';
import { BIRTH, fill, PAPERS } from '../lib/birth.mjs';
import { act, fold, officersOf, send, upload } from '../lib/desk.mjs';
import { demoHouse, signIn } from '../lib/house.mjs';
import { burst, CARD } from '../lib/keys.mjs';

let house;
let browser;
let account;
let desk;
let passTo;
before(async () => {
  // Enough that everybody has work waiting, whatever the day.
  house = await demoHouse({ dossiers: 300 });
  browser = await launch();
  ({ account, desk, passTo } = officersOf(house, browser));
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

const { flaws, sound } = soundness('journey');

let code;
let follow;

test('the counter finds the procedure as people say it, scans a card and receives', async () => {
  const reader = await desk('counter');
  const { page } = reader;
  await page.goto(`${house.url}/tiep-nhan`);
  await page.locator('main').getByRole('searchbox').fill('khai sinh');
  await Promise.all([page.waitForURL(/khai/), page.keyboard.press('Enter')]);
  await sound(reader, 'choose');
  await page.locator('main').getByRole('link', { name: /khai sinh/i }).first().click();
  // The officer has begun to type when the card is scanned: the scanner types into whatever has the focus.
  await page.locator('[name="f.child_name"]').fill('Vì Bảo An');
  await burst(reader.session, [...CARD, 'Enter']);
  await page.getByText('Đã đọc thẻ căn cước').waitFor();
  assert.equal(await page.locator('[name="f.child_name"]').inputValue(), 'Vì Bảo An');
  assert.equal(await page.locator('[name="f.applicant_identity"]').inputValue(), '099190000123');
  await fill(page, BIRTH);
  for (const paper of PAPERS) await page.locator(`main form [name="p.${paper}"]`).check();
  await page.locator('[name="p.giay-chung-sinh.tep"]').setInputFiles([upload('Giấy chứng sinh.pdf')]);
  await sound(reader, 'counter');
  await page.getByRole('button', { name: 'Tiếp nhận hồ sơ' }).first().click();
  // The demo's identity numbers belong to no province: odd things must be confirmed.
  await page.getByLabel('Tôi đã xem lại, vẫn tiếp nhận hồ sơ').check();
  // Chromium tells the console of the answer 422 itself; everything else is a flaw.
  reader.complaints.splice(0, reader.complaints.length, ...reader.complaints.filter((c) => !c.includes('422')));
  await sound(reader, 'confirm');
  await page.getByRole('button', { name: 'Tiếp nhận hồ sơ' }).first().click();
  await shot(page, 'journey-sent');
  await page.getByRole('heading', { name: 'Đã tiếp nhận hồ sơ' }).waitFor({ timeout: 5000 });
  code = /H99\.01-\d{6}-\d{4}/.exec(await page.locator('main').innerText())[0];
  await sound(reader, 'received');
  for (const paper of ['A5', 'A4']) {
    const receipt = await page.request.get(`${house.url}/ho-so/${code}/giay-tiep-nhan.pdf?kho=${paper}`);
    assert.equal(receipt.status(), 200);
    assert.equal((await receipt.body()).subarray(0, 5).toString(), '%PDF-');
  }
});

test('the steps pass it on, send it back with a reason, and finish with a result', async () => {
  const specialist = await desk('specialist');
  const { page } = specialist;
  await page.goto(`${house.url}/viec-cua-toi`);
  await sound(specialist, 'my-work');
  await page.goto(`${house.url}/ho-so/${code}`);
  await sound(specialist, 'dossier');
  await send(page, page.getByRole('button', { name: 'Nhận xử lý' }));
  await act(page, 'Ghi chú', { 'Nội dung ghi chú': 'Đã đối chiếu với cơ sở dữ liệu hộ tịch.' });
  await passTo(page, 'leader', {});
  const leader = await desk('leader');
  await leader.page.goto(`${house.url}/ho-so/${code}`);
  await act(leader.page, 'Trả lại bước trước', { 'Lý do trả lại': 'Thiếu quê quán của cha.' });
  await page.goto(`${house.url}/ho-so/${code}`);
  assert.match(await page.locator('main').innerText(), /Thiếu quê quán của cha/);
  await passTo(page, 'leader', { 'Ý kiến': 'Đã bổ sung quê quán.' });
  await leader.page.goto(`${house.url}/ho-so/${code}`);
  await passTo(leader.page, 'clerk', {});
  const clerk = await desk('clerk');
  await clerk.page.goto(`${house.url}/ho-so/${code}`);
  await fold(clerk.page, 'Hoàn thành');
  await clerk.page.locator('input[type=file]').first().setInputFiles([upload('Giấy khai sinh.pdf')]);
  await clerk.page.getByRole('button', { name: 'Hoàn thành' }).click();
  await clerk.page.getByText('Đã xử lý xong').first().waitFor();
});

/** Two more births, received by a program: what the demo's history leaves the specialist with differs from day to day. */
async function receiveTwo() {
  const codes = [];
  for (const [n, name] of ['Vì Gia Hân', 'Vì Đức Phúc'].entries()) {
    const answer = await fetch(`${house.url}/api/v1/dossiers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${house.token}`, 'content-type': 'application/json', 'idempotency-key': `journey-birth-${n}` },
      body: JSON.stringify({
        procedure: '1.001193', case: 'thong-thuong', channel: 'counter', return_way: 'counter',
        form: {
          applicant_name: 'Lò Thị Mẩy', applicant_birth_date: '02/01/1990', applicant_identity: '099190000123',
          applicant_address: 'Bản Huổi Lếch, xã Phúc Khê', applicant_phone: '0975 000 418', applicant_relation: 'me',
          child_name: name, child_birth_date: '14/11/2026', child_sex: 'nam', child_ethnicity: 'Thái',
          child_nationality: 'Việt Nam', child_birth_place: 'Trạm Y tế xã Phúc Khê', child_hometown: 'Xã Phúc Khê',
          parents_married: 'chua-ket-hon', pledge: 'yes',
        },
        papers: [{ requirement: 'to-khai', originals: 1 }, { requirement: 'giay-chung-sinh', originals: 1 }],
      }),
    });
    assert.equal(answer.status, 201, await answer.clone().text());
    codes.push((await answer.json()).code);
  }
  return codes;
}

test('several are picked in "my work" and passed on at once', async () => {
  const codes = await receiveTwo();
  const reader = await desk('specialist');
  const { page } = reader;
  await page.goto(`${house.url}/viec-cua-toi`);
  const waiting = page.locator('nav a[href="/viec-cua-toi"] .count');
  const count = async () => ((await waiting.count()) > 0 ? Number.parseInt(await waiting.innerText(), 10) : 0);
  const before = await count();
  for (const own of codes) await page.locator('tbody tr', { hasText: own }).locator('input[name=chon]').check();
  assert.equal(await page.locator('[data-picked]').textContent(), 'Đã chọn 2');
  await page.getByRole('button', { name: 'Chuyển các việc đã chọn' }).click();
  await page.getByRole('heading', { name: 'Chuyển nhiều hồ sơ' }).waitFor();
  await sound(reader, 'batch');
  await page.getByRole('button', { name: 'Chuyển 2 hồ sơ' }).click();
  await page.getByRole('heading', { name: 'Đã chuyển 2 hồ sơ' }).waitFor();
  assert.equal(await count(), before - 2, 'the navigation counts what waits');
  await sound(reader, 'batch-done');
});

test('the counter delivers and prints the control sheet', async () => {
  const reader = await desk('counter');
  const { page } = reader;
  await page.goto(`${house.url}/ho-so/${code}`);
  await act(page, 'Trả kết quả', {});
  await page.getByText('Đã trả kết quả').first().waitFor();
  await sound(reader, 'delivered');
  const sheet = await page.request.get(`${house.url}/ho-so/${code}/phieu-kiem-soat.pdf`);
  assert.equal(sheet.status(), 200);
  for (const typed of [code, '099190000123', '0571234567', 'lo thi may', 'Lò Thị Mẩy']) {
    await page.goto(`${house.url}/ho-so?q=${encodeURIComponent(typed)}`);
    assert.match(await page.locator('main').innerText(), new RegExp(code), `found by ${typed}`);
  }
  await sound(reader, 'list');
});

test('the citizen follows it on a phone, without a script and without names', async () => {
  const reader = await visitor(browser, { width: 390, script: false });
  const { page } = reader;
  await reader.go(`${house.url}/tra-cuu`);
  await page.locator('main form input:not([type=hidden])').nth(0).fill(code);
  await page.locator('main form input:not([type=hidden])').nth(1).fill('0123');
  await page.getByRole('button', { name: 'Xem hồ sơ' }).click();
  await page.waitForURL(/theo-doi/);
  follow = page.url();
  const text = await page.locator('body').innerText();
  assert.match(text, /Đã trả kết quả/);
  for (const secret of ['Lò Thị Mẩy', 'LÒ THỊ MẨY', '099190000123', '0571234567', 'Huổi Lếch']) {
    assert.ok(!text.includes(secret), `the page shows ${secret}`);
  }
  await reader.close();
});

test('the citizen’s pages are light, accessible, and fit the smallest phone', async () => {
  for (const [name, path] of [['home', '/'], ['procedures', '/thu-tuc?q=khai+sinh'], ['procedure', '/thu-tuc/1.001193'], ['seek', '/tra-cuu'], ['follow', new URL(follow).pathname]]) {
    const reader = await visitor(browser, { width: 390 });
    await reader.go(house.url + path);
    await sound(reader, `citizen-${name}`);
    await reader.close();
  }
  const weighing = await visitor(browser, { width: 390, script: false });
  const first = await weighing.go(house.url);
  assert.ok(first.bytes <= 60_000, `the first page weighs ${first.bytes}: ${JSON.stringify(first.loads)}`);
  for (const path of ['/thu-tuc?q=khai+sinh', '/tra-cuu', new URL(follow).pathname]) {
    const next = await weighing.go(house.url + path);
    assert.ok(next.bytes <= 5_000, `${path} weighs ${next.bytes}: ${JSON.stringify(next.loads)}`);
  }
  await weighing.close();
  // Whoever scans a receipt's QR begins there, with nothing kept from before.
  const scanning = await visitor(browser, { width: 390 });
  const scanned = await scanning.go(house.url + new URL(follow).pathname);
  assert.ok(scanned.bytes <= 60_000, `the page of a receipt's QR weighs ${scanned.bytes}: ${JSON.stringify(scanned.loads)}`);
  await scanning.close();
});

test('my work says how much time is left', async () => {
  const { page } = await desk('specialist');
  await page.goto(`${house.url}/viec-cua-toi`);
  assert.match(await page.locator('main').innerText(), /(Còn|Trễ)\s\d+\s(ngày|giờ|phút)/);
});

test('every page that a desk leads to is sound, one of each kind', async () => {
  const seen = new Set();
  for (const kind of ['administrator', 'province', 'leader', 'counter']) {
    const reader = await desk(kind);
    const way = ['/viec-cua-toi', '/tai-khoan'];
    const walked = new Set(['']);
    for (let path = way.shift(); path; path = way.shift()) {
      const here = pattern(path);
      if (walked.has(here)) continue;
      walked.add(here);
      const { status } = await reader.go(house.url + path);
      assert.equal(status, 200, `${kind}: ${path}`);
      if (!seen.has(here)) await sound(reader, `walk${here.replaceAll(/[^a-z0]+/g, '-')}`);
      seen.add(here);
      way.push(...await reader.page.evaluate(() => [...document.querySelectorAll('a[href^="/"]')]
        .filter((link) => !link.hasAttribute('download')).map((link) => link.getAttribute('href').split(/[?#]/)[0])));
    }
  }
  for (const form of ['/quan-tri/can-bo/moi', '/quan-tri/don-vi/0/vi-tri/moi', '/quan-tri/vi-tri/0/thay-mat', '/quan-tri/lich-lam-viec/0/gio', '/tai-khoan/xac-thuc', '/viec-chua-co-nguoi', '/quan-tri/thu-tuc/0']) {
    assert.ok(seen.has(form), `${form} was not walked to, only ${[...seen].sort().join(' ')}`);
  }
});

/** The kind of an address: one page of each kind is looked at. Files and programs' addresses are of no kind. */
function pattern(path) {
  if (/\.pdf$|\/tep(\/|$)|^\/(api|assets|theo-doi|kieu-dang|dang-xuat)/.test(path)) return '';
  return path.split('/').map((part) => (/^[a-z][a-z-]*$/.test(part) ? part : part && '0')).join('/');
}

test('the sign-in page is sound, and a stranger sees nothing of the desk', async () => {
  const reader = await visitor(browser, { width: 390 });
  await reader.go(`${house.url}/ho-so/${code}`);
  assert.match(reader.page.url(), /dang-nhap/);
  await sound(reader, 'sign-in');
  const { status } = await reader.go(`${house.url}/khong-co-trang-nay`);
  assert.equal(status, 404);
  reader.complaints.length = 0;
  await sound(reader, 'not-found');
  await reader.close();
});

test('a filter that is changed after the session ended leads to the entrance, and back to what was asked for', async () => {
  const reader = await visitor(browser, { width: 1366, height: 768 });
  const { page } = reader;
  await signIn(page, house.url, account('administrator'));
  await page.goto(`${house.url}/quan-tri/can-bo`);
  await page.getByLabel('Tên hoặc tên đăng nhập').fill('motcua');
  await reader.context.clearCookies();
  await page.getByLabel('Tên hoặc tên đăng nhập').press('Enter');
  // Typing asks, and so does Enter: the way to the entrance that one answer begins may be cut off by the other's.
  for (let tries = 0; tries < 100 && !/dang-nhap/.test(page.url()); tries += 1) await page.waitForTimeout(100);
  assert.match(decodeURIComponent(page.url()), /tiep=\/quan-tri\/can-bo\?q=motcua/);
  await reader.close();
});

test('every page on the way was accessible, fitted 320 px, and gave the browser nothing to complain of', () => {
  assert.deepEqual([...new Set(flaws)], []);
});
