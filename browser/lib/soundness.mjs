// Whether the pages of a journey are sound: light and dark, a phone's width, no complaint of the browser.
import { shot } from './browser.mjs';
import { accessibility, sideways } from './checks.mjs';

/** `{ flaws, sound }` of a journey: what pages were found wanting in is told at its end, since one bad page must not hide the others. */
export function soundness(journey) {
  const flaws = [];

  /** What is asked of a page once it is there. */
  async function sound(reader, name) {
    const { page } = reader;
    for (const scheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: scheme });
      flaws.push(...(await accessibility(reader)).map((flaw) => `${name}, ${scheme}: ${flaw}`));
    }
    await page.emulateMedia({ colorScheme: 'light' });
    const window = page.viewportSize();
    await page.setViewportSize({ width: 320, height: 640 });
    const { over, out } = await sideways(reader);
    if (over > 0) flaws.push(`${name} at 320 px: ${over} px sideways, ${out.join('; ')}`);
    await shot(page, `${journey}-${name}-320`);
    await page.setViewportSize(window);
    await shot(page, `${journey}-${name}`);
    flaws.push(...reader.complaints.splice(0).map((complaint) => `${name}: the browser complains: ${complaint}`));
  }

  return { flaws, sound };
}
