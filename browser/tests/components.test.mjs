// Every component in every state, and sample pages made of them: readable by all, at any width, in light and dark.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, shot, visitor } from '../lib/browser.mjs';
import { accessibility, sideways, smallTargets } from '../lib/checks.mjs';
import { showcase } from '../lib/showcase.mjs';

const PAGES = {
  'style-citizen': '/kieu-dang',
  'style-desk': '/kieu-dang/can-bo',
  'style-print': '/kieu-dang/ban-in',
  home: '/',
  procedure: '/thu-tuc',
  queue: '/ho-so',
  dossier: '/ho-so/0042',
  licences: '/giay-phep',
};

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

for (const [name, path] of Object.entries(PAGES)) {
  describe(name, () => {
    for (const width of [320, 390, 1366]) {
      for (const scheme of ['light', 'dark']) {
        test(`reads well at ${width} px, ${scheme}`, async () => {
          const reader = await visitor(browser, { width, height: width < 600 ? 844 : 768, scheme });
          const { status } = await reader.go(house.url + path);
          assert.equal(status, 200);
          await shot(reader.page, `${name}-${width}-${scheme}`);
          assert.deepEqual(await sideways(reader), { over: 0, out: [] });
          assert.deepEqual(await accessibility(reader), []);
          if (width < 600) assert.deepEqual(await smallTargets(reader), []);
          assert.deepEqual(reader.complaints, []);
          await reader.close();
        });
      }
    }
  });
}

describe('weight', () => {
  const KIB = 1024;
  const cases = [
    ['citizen', ['/', '/thu-tuc'], 60, 5],
    ['desk', ['/ho-so', '/ho-so/0042'], 120, 10],
  ];
  for (const [surface, [first, next], firstBudget, nextBudget] of cases) {
    test(`${surface}: the first page and the next one stay in their budget`, async () => {
      const reader = await visitor(browser, { width: surface === 'desk' ? 1366 : 390 });
      const one = await reader.go(house.url + first);
      const two = await reader.go(house.url + next);
      const list = (load) => load.loads.map(({ url, bytes }) => `${url.split('/').pop()} ${bytes}`).join(', ');
      assert.ok(one.bytes <= firstBudget * KIB, `${one.bytes} bytes: ${list(one)}`);
      assert.ok(two.bytes <= nextBudget * KIB, `${two.bytes} bytes: ${list(two)}`);
      assert.ok(one.loads.length > 3, 'the style sheet, icons and fonts were loaded and measured');
      console.log(`${surface}: first ${(one.bytes / KIB).toFixed(1)} KiB, next ${(two.bytes / KIB).toFixed(1)} KiB`);
      await reader.close();
    });
  }

  test('citizen pages ask for no script', async () => {
    const reader = await visitor(browser);
    const { loads } = await reader.go(house.url);
    assert.deepEqual(loads.filter(({ url }) => /\.js(\?|$)/.test(url)), []);
    await reader.close();
  });
});
