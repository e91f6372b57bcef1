// The script that reads a card scanner, fed with real key events as fast as scanners and input methods send them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, visitor } from '../lib/browser.mjs';
import { burst, CARD, scanOnVietnameseLayout } from '../lib/keys.mjs';

const SCRIPT = new URL('../../services/ui/assets/src/js/scan.js', import.meta.url).pathname;
const PAGE = `<form><textarea data-scan name="scan"></textarea><input name="note" type="text"><input name="mail" type="email">
  <button data-scan-submit>Đọc thẻ</button></form>`;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** A page with the form; `sent` holds the scans that were submitted. */
async function form() {
  const reader = await visitor(browser, { width: 1366, height: 768 });
  await reader.page.setContent(PAGE);
  await reader.page.evaluate(() => {
    globalThis.sent = [];
    document.forms[0].addEventListener('submit', (event) => {
      event.preventDefault();
      globalThis.sent.push(document.forms[0].scan.value);
    });
  });
  await reader.page.addScriptTag({ path: SCRIPT });
  const note = reader.page.locator('[name=note]');
  return { ...reader, note, value: () => note.inputValue(), sent: () => reader.page.evaluate(() => globalThis.sent) };
}

/** Waits until the script knows that the burst was no card. */
const settled = (page) => page.waitForTimeout(500);

test('an abbreviation that an input method expands comes out right', async () => {
  const { page, session, note, value, sent, close } = await form();
  await note.pressSequentially('Nơi cấp: ubnd', { delay: 80 });
  await page.waitForTimeout(120);
  await burst(session, ['Backspace', 'Backspace', 'Backspace', 'Backspace', ...'Ủy ban nhân dân']);
  await settled(page);
  assert.equal(await value(), 'Nơi cấp: Ủy ban nhân dân');
  await note.pressSequentially(' xã', { delay: 80 });
  assert.equal(await value(), 'Nơi cấp: Ủy ban nhân dân xã', 'the cursor stands behind it');
  assert.deepEqual(await sent(), []);
  await close();
});

test('an abbreviation in the middle of a line, and over a selection', async () => {
  const { page, session, note, value, close } = await form();
  await note.fill('cấp tại ubnd xã');
  await note.evaluate((field) => field.setSelectionRange(12, 12));
  await note.focus();
  await burst(session, ['Backspace', 'Backspace', 'Backspace', 'Backspace', ...'Ủy ban nhân dân']);
  await settled(page);
  assert.equal(await value(), 'cấp tại Ủy ban nhân dân xã');
  await note.evaluate((field) => field.setSelectionRange(8, 23));
  await burst(session, ['Backspace', ...'Hội đồng nhân dân']);
  await settled(page);
  assert.equal(await value(), 'cấp tại Hội đồng nhân dân xã');
  await close();
});

test('more Backspaces than letters, and Backspaces after the burst began', async () => {
  const { page, session, note, value, close } = await form();
  await note.fill('ab');
  await note.focus();
  await burst(session, ['Backspace', 'Backspace', 'Backspace', ...'nhanh lắm', 'Backspace', ...'mà']);
  await settled(page);
  assert.equal(await value(), 'nhanh lắmà');
  await close();
});

test('a field whose cursor is hidden from scripts keeps its text as well', async () => {
  const { page, session, close } = await form();
  const mail = page.locator('[name=mail]');
  await mail.fill('dan@pk');
  await mail.focus();
  await burst(session, ['Backspace', 'Backspace', ...'phuckhe.vn']);
  await settled(page);
  assert.equal(await mail.inputValue(), 'dan@phuckhe.vn');
  await close();
});

test('a card is read wherever the cursor stands and leaves the field as it was', async () => {
  const { session, note, value, sent, close } = await form();
  await note.fill('đang ghi dở');
  await note.focus();
  await burst(session, [...CARD, 'Enter']);
  assert.deepEqual(await sent(), [CARD]);
  assert.equal(await value(), 'đang ghi dở');
  await close();
});

test('a keyboard set to Vietnamese writes other signs, and the card is read by the places of the keys', async () => {
  const { session, note, value, sent, close } = await form();
  const card = '099190000123||LO THI MAY|02011990|Nu|Ban Huoi Lech, xa Phuc Khe|01012022|Lo Van Panh|Quang Thi Pan|';
  await note.fill('đang ghi dở');
  await note.focus();
  await scanOnVietnameseLayout(session, card);
  assert.deepEqual(await sent(), [card]);
  assert.equal(await value(), 'đang ghi dở');
  await close();
});

test('an input method that takes letters back while the card is read', async () => {
  const { session, note, value, sent, close } = await form();
  await note.fill('đang ghi dở');
  await note.focus();
  // Telex turns a second D and a tone's letter into what it takes them for.
  const typed = [...'099190000123|D', 'Backspace', ...'ĐINH THI MAY|02011990|Nu', 'Backspace', ...'ũ|', ...'Ban Lech|01012022'];
  await burst(session, [...typed, 'Enter']);
  assert.deepEqual(await sent(), ['099190000123|ĐINH THI MAY|02011990|Nũ|Ban Lech|01012022']);
  assert.equal(await value(), 'đang ghi dở');
  await close();
});

test('what people type is left alone', async () => {
  const { note, value, sent, close } = await form();
  await note.pressSequentially('Nguyễn Thị Mỹ Hạnh', { delay: 60 });
  assert.equal(await value(), 'Nguyễn Thị Mỹ Hạnh');
  assert.deepEqual(await sent(), []);
  await close();
});
