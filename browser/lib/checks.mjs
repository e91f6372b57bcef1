// What is asked of every page.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * The accessibility mistakes axe finds, one line each. It is put in through the debugger, because the content
 * security policy stops added scripts. Needs a visitor with scripts on.
 */
export async function accessibility({ page, session }) {
  await page.evaluate(() => document.fonts.ready);
  await session.send('Runtime.evaluate', { expression: AXE });
  const { violations } = await page.evaluate((rules) => globalThis.axe.run({ runOnly: rules }), RULES);
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, any, all, none }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message)[0] ?? '';
      return `${impact} ${id}: ${target.join(' ')} – ${why}`;
    }),
  );
}

/** How many pixels a reader would have to scroll sideways, and the elements that stick out. */
export async function sideways({ page }) {
  return page.evaluate(() => {
    const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    const out = [];
    if (over > 0) {
      for (const element of document.querySelectorAll('body *')) {
        const { right, width } = element.getBoundingClientRect();
        if (width > 0 && right > document.documentElement.clientWidth + 1 && out.length < 8) {
          out.push(`${element.tagName.toLowerCase()}.${element.className?.baseVal ?? element.className} to ${Math.round(right)}`);
        }
      }
    }
    return { over, out };
  });
}

/** Every target a finger must hit on a phone and that is smaller than 24 px (WCAG 2.5.8), links in text aside. */
export async function smallTargets({ page }) {
  return page.evaluate(() =>
    [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, summary, nav a')]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('.unseen'))
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
      .map(({ element, box }) => `${element.outerHTML.slice(0, 80)} ${Math.round(box.width)}×${Math.round(box.height)}`),
  );
}
