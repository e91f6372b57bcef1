// What the small scripts add on desk pages, and that nothing needs them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, visitor } from '../lib/browser.mjs';
import { showcase } from '../lib/showcase.mjs';

let house;
let browser;
before(async () => {
  house = await showcase();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  house?.stop();
});

async function at(path, options, act) {
  const reader = await visitor(browser, { width: 1366, height: 768, ...options });
  await reader.go(house.url + path);
  await act(reader.page, reader);
  await reader.close();
}

describe('without scripts', () => {
  test('the citizens’ menu opens', () =>
    at('/', { width: 390, script: false }, async (page) => {
      const link = page.getByRole('link', { name: 'Thủ tục hành chính' });
      assert.equal(await link.isVisible(), false);
      await page.getByText('Mục lục').click();
      assert.equal(await link.isVisible(), true);
    }));

  test('the sidebar opens on a phone', () =>
    at('/ho-so', { width: 390, script: false }, async (page) => {
      const link = page.getByRole('link', { name: 'Bảng điều hành' });
      assert.equal(await link.isVisible(), false);
      await page.getByRole('button', { name: 'Mục lục' }).click();
      assert.equal(await link.isVisible(), true);
    }));

  test('rows can be picked one by one, and no box promises "all"', () =>
    at('/ho-so', { script: false }, async (page) => {
      assert.equal(await page.locator('[data-pick-all]').isVisible(), false);
      await page.getByLabel('Chọn H55.62.05-261121-0031').check();
    }));

  test('a mistake in the summary leads to its field', () =>
    at('/kieu-dang', { width: 390, script: false }, async (page) => {
      await page.getByRole('link', { name: 'Tháng 11 chỉ có 30 ngày' }).click();
      assert.match(page.url(), /#f-born$/);
      await page.keyboard.press('Tab');
      const next = await page.locator(':focus').getAttribute('name').catch(() => null);
      assert.ok(['born.day', 'born.month'].includes(next), `the keyboard goes on at the date, not at ${next}`);
    }));
});

describe('with scripts', () => {
  test('"/" goes to the search box, but not while typing', () =>
    at('/kieu-dang/can-bo', {}, async (page) => {
      await page.keyboard.press('/');
      assert.equal(await page.locator(':focus').getAttribute('name'), 'q');
      const note = page.getByLabel('Ghi chú');
      await note.fill('');
      await note.press('/');
      assert.equal(await note.inputValue(), '/');
    }));

  test('picking all rows counts them', () =>
    at('/ho-so', {}, async (page) => {
      assert.equal(await page.locator('[data-picked]').textContent(), 'Đã chọn 2');
      await page.getByLabel('Chọn tất cả').check();
      assert.equal(await page.locator('[data-picked]').textContent(), 'Đã chọn 9');
      await page.getByLabel('Chọn H55.62.05-261121-0031').uncheck();
      assert.equal(await page.locator('[data-picked]').textContent(), 'Đã chọn 8');
      assert.equal(await page.getByLabel('Chọn tất cả').evaluate((box) => box.indeterminate), true);
    }));

  test('typed text is not lost without a question', () =>
    at('/kieu-dang/can-bo', {}, async (page) => {
      const asked = [];
      page.on('dialog', async (dialog) => {
        asked.push(dialog.type());
        await dialog.accept();
      });
      await page.goto(`${house.url}/ho-so`);
      assert.deepEqual(asked, [], 'nothing was typed');
      await page.goto(`${house.url}/kieu-dang/can-bo`);
      await page.getByLabel('Ghi chú').fill('Gia đình có hai con');
      await page.goto(`${house.url}/ho-so`);
      assert.deepEqual(asked, ['beforeunload']);
    }));

  test('an upload shows its way and the answer takes the place of the page', () =>
    at('/kieu-dang/can-bo', {}, async (page, reader) => {
      const file = { name: 'giấy chứng sinh.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(300_000, 7) };
      await page.getByLabel('Giấy chứng sinh').setInputFiles(file);
      await page.getByRole('button', { name: 'Lưu và tiếp tục' }).last().click();
      await page.getByText(/Đã nhận 30\d{4} byte, chưa lưu/).waitFor();
      assert.match(await page.title(), /^Lỗi: /);
      await page.getByLabel('Chọn tất cả').check();
      assert.equal(await page.locator('[data-picked]').textContent(), 'Đã chọn 4', 'the new page works as well');
      // The 422 itself is what the browser reports; nothing else may be.
      assert.deepEqual(reader.complaints.filter((text) => !/status of 422/.test(text)), []);
    }));

  test('an upload that breaks off keeps the form', () =>
    at('/kieu-dang/can-bo', {}, async (page, reader) => {
      await page.getByLabel('Ghi chú').fill('Gia đình có hai con');
      await page.getByLabel('Giấy chứng sinh').setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('x') });
      await reader.context.setOffline(true);
      await page.getByRole('button', { name: 'Lưu và tiếp tục' }).last().click();
      await page.getByText('Mạng bị ngắt, tệp chưa gửi được').waitFor();
      assert.equal(await page.getByLabel('Ghi chú').inputValue(), 'Gia đình có hai con');
    }));

  test('a filter replaces the list only and changes the address', () =>
    at('/ho-so', {}, async (page) => {
      await page.evaluate(() => document.querySelector('h1').setAttribute('data-seen', 'yes'));
      await page.getByLabel('Lĩnh vực').selectOption('dat-dai');
      await page.waitForURL(/field=dat-dai/);
      assert.equal(await page.locator('h1[data-seen]').count(), 1, 'the page stayed');
      assert.equal(await page.locator('#queue').count(), 1);
    }));
});
