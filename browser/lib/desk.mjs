// Officers of a demo house at their desks, and the forms of a dossier's page as they use them.
import assert from 'node:assert/strict';
import { visitor } from './browser.mjs';
import { signIn } from './house.mjs';

const OFFICERS = {
  counter: 'motcua1', specialist: 'tuphap', leader: 'chutich', clerk: 'vanthu', administrator: 'quantri', province: 'tinh.quantri',
  // Procedures of social protection have a step for the head of their department.
  welfare: 'baotro', head: 'truongphongvhxh',
};

/** `{ account, desk, passTo }`: the officers of the demo commune in this house; `more` is for their browsers. */
export function officersOf(house, browser, more = {}) {
  const desks = new Map();

  /** The account of an officer of the demo commune. */
  function account(kind) {
    const found = house.accounts.find(({ username }) => username === `${OFFICERS[kind]}.demo`);
    assert.ok(found, `the demo has no ${kind}`);
    return found;
  }

  /** An officer of the demo commune at their desk, signed in once. */
  async function desk(kind) {
    if (!desks.has(kind)) {
      const reader = await visitor(browser, { width: 1366, height: 768, ...more });
      await signIn(reader.page, house.url, account(kind));
      desks.set(kind, reader);
    }
    return desks.get(kind);
  }

  /** Passes the dossier on to an officer of our choice. */
  async function passTo(page, kind, fields) {
    const folded = await fold(page, 'Chuyển');
    const choice = folded.locator('select').first();
    if (await choice.count()) {
      const { name } = account(kind);
      const value = await choice.locator('option', { hasText: name }).first().getAttribute('value');
      await choice.selectOption(value);
    }
    await act(page, 'Chuyển', fields);
  }

  return { account, desk, passTo };
}

/** Opens a folded form of the dossier's page. */
export async function fold(page, title) {
  const folded = page.locator('details', { has: page.locator('summary', { hasText: new RegExp(`^\\s*${title}\\s*$`) }) }).first();
  if (!(await folded.evaluate((e) => e.open))) await folded.locator('summary').first().click();
  return folded;
}

/** Fills a form of the dossier's page and sends it. */
export async function act(page, title, fields) {
  const folded = await fold(page, title);
  for (const [label, value] of Object.entries(fields)) await folded.getByLabel(label).fill(value);
  await send(page, folded.getByRole('button', { name: title }));
}

/**
 * Sends a form by its button and waits for the page that answers. The button is pressed by its key: one that moves under the
 * mouse between press and release, because a font arrives, is not clicked, and a reader would simply click again.
 */
export async function send(page, button) {
  let sent = null;
  const note = (request) => {
    if (request.isNavigationRequest() && request.method() === 'POST') sent = request;
  };
  page.on('request', note);
  try {
    await Promise.all([page.waitForNavigation(), button.press('Enter')]);
  } catch (error) {
    error.message += sent ? `\nsent to ${sent.url()}, and not answered` : '\nnothing was sent';
    throw error;
  } finally {
    page.off('request', note);
  }
}

/** A small file as an officer would choose it. */
export const upload = (name) => ({ name, mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.7\n% ${name}\n%%EOF\n`) });
