// A form that is filled in slowly: the session is kept, its end is announced, and what was typed outlives it.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { launch, visitor } from '../lib/browser.mjs';

const DIST = new URL('../../services/ui/assets/dist/', import.meta.url).pathname;
const SCRIPT = readFileSync(DIST + readdirSync(DIST).find((name) => /^desk\.\w+\.js$/.test(name)), 'utf8');
const HOUSE = 'http://house.test';
const page = (unsaved) => `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Phiếu</title>
  <script src="/desk.js" defer></script></head><body><main>
  <form method="post" action="/gui" enctype="multipart/form-data" data-upload data-unsaved${unsaved}>
  <label>Ghi chú <input name="note"></label><label>Tệp <input type="file" name="scan"></label><button>Gửi</button></form></main></body></html>`;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** A house without a server: what is asked of it is counted, and `signedIn` decides what it answers. */
async function house(unsaved = '') {
  const reader = await visitor(browser, { width: 1366, height: 768 });
  const state = { signedIn: true, touches: 0, sent: 0 };
  await reader.page.clock.install({ time: new Date('2026-11-20T08:00:00+07:00') });
  await reader.page.route(`${HOUSE}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/desk.js') return route.fulfill({ contentType: 'text/javascript', body: SCRIPT });
    if (pathname === '/tai-khoan/phien/con-lai') {
      state.touches += 1;
      return state.signedIn ? route.fulfill({ body: '900' }) : route.fulfill({ status: 401, body: '' });
    }
    if (route.request().method() === 'POST') {
      state.sent += 1;
      state.header = route.request().headers()['x-requested-with'];
      if (!state.signedIn) return route.fulfill({ status: 401, contentType: 'text/html', body: '<p>401</p>' });
      return route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Xong</title><main>Đã nhận</main>' });
    }
    return route.fulfill({ contentType: 'text/html', body: page(unsaved) });
  });
  await reader.page.goto(`${HOUSE}/phieu`);
  const { page: tab } = reader;
  return { ...reader, state, tab, note: tab.getByLabel('Ghi chú'), notice: tab.getByRole('alert') };
}

/** Until the small request has been answered. */
const answered = (tab) => tab.evaluate(() => new Promise((done) => { fetch('/tai-khoan/phien/con-lai').then(done); }));

test('typing keeps the session, once a minute at most', async () => {
  const { state, tab, note, close } = await house();
  await note.pressSequentially('Gia đình', { delay: 20 });
  assert.equal(state.touches, 1);
  await tab.clock.fastForward(30_000);
  await note.pressSequentially(' có hai con', { delay: 20 });
  assert.equal(state.touches, 1);
  await tab.clock.fastForward(40_000);
  await note.pressSequentially('.', { delay: 20 });
  assert.equal(state.touches, 2);
  await close();
});

test('the end is announced two minutes before, and one press goes on', async () => {
  const { state, tab, note, notice, close } = await house();
  await note.fill('Gia đình có hai con');
  await answered(tab);
  await tab.clock.fastForward(12 * 60_000);
  assert.equal(await notice.count(), 0);
  await tab.clock.fastForward(70_000);
  await notice.getByText('Phiên làm việc sắp hết').waitFor();
  const before = state.touches;
  await notice.getByRole('button', { name: 'Tiếp tục làm việc' }).click();
  await notice.waitFor({ state: 'detached' });
  assert.equal(state.touches, before + 1);
  await close();
});

test('a session that has ended leaves the form and offers signing in elsewhere', async () => {
  const { state, tab, note, notice, close } = await house();
  state.signedIn = false;
  await note.fill('Gia đình có hai con');
  await notice.getByText('Phiên làm việc đã hết').waitFor();
  const link = notice.getByRole('link', { name: 'Đăng nhập ở thẻ khác' });
  assert.equal(await link.getAttribute('target'), '_blank');
  assert.equal(await note.inputValue(), 'Gia đình có hai con');
  assert.equal(new URL(tab.url()).pathname, '/phieu');
  await close();
});

test('an upload that comes too late keeps what was typed and picked, and can be sent again', async () => {
  const { state, tab, note, notice, close } = await house();
  await note.fill('Gia đình có hai con');
  await tab.getByLabel('Tệp').setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') });
  state.signedIn = false;
  await tab.getByRole('button', { name: 'Gửi' }).click();
  await notice.getByText('Phiên làm việc đã hết').waitFor();
  assert.equal(state.header, 'XMLHttpRequest');
  assert.equal(await note.inputValue(), 'Gia đình có hai con');
  assert.equal(await tab.getByLabel('Tệp').evaluate((input) => input.files.length), 1);
  state.signedIn = true;
  await tab.getByRole('button', { name: 'Gửi' }).click();
  await tab.getByText('Đã nhận').waitFor();
  assert.equal(state.sent, 2);
  await close();
});

test('a form that came back full of what was typed is not left without a question', async () => {
  for (const [unsaved, expected] of [['="typed"', ['beforeunload']], ['', []]]) {
    const { tab, close } = await house(unsaved);
    const asked = [];
    tab.on('dialog', async (dialog) => {
      asked.push(dialog.type());
      await dialog.accept();
    });
    await tab.locator('main').click({ position: { x: 1, y: 1 } });
    await tab.goto(`${HOUSE}/khac`);
    assert.deepEqual(asked, expected);
    await close();
  }
});
