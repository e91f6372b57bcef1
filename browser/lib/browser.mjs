// One Chromium for a test run, and pages that notice what a reader would not: refused content, errors, bytes.
import { existsSync, mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--lang=vi', '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
const CHROMIUM = process.env.NHAVIEC_CHROMIUM ?? '/usr/bin/chromium';

/** Where screenshots go; nothing reads them but people. */
export const SHOTS = new URL('../../test-results/', import.meta.url).pathname;

/** Starts the browser that is installed, with these flags more; none is downloaded. */
export async function launch(...more) {
  if (!existsSync(CHROMIUM)) throw new Error(`no browser at ${CHROMIUM}; name one in NHAVIEC_CHROMIUM`);
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args: [...FLAGS, ...more] });
}

/**
 * A fresh visitor: no cookies, no cache. `width`, `height`, `scheme` ("light" or "dark"), `script` (false turns
 * JavaScript off), `user` and further Playwright context options.
 */
export async function visitor(browser, { width = 390, height = 844, scheme = 'light', script = true, ...more } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    javaScriptEnabled: script,
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    isMobile: width < 600,
    hasTouch: width < 600,
    // A fold that is still opening is not what its page looks like, and no script can wait for it: Chromium names no animation.
    reducedMotion: 'reduce',
    ...more,
  });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy|Refused/.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  const loads = [];
  const addresses = new Map();
  session.on('Network.responseReceived', ({ requestId, response }) => addresses.set(requestId, response.url));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    loads.push({ url: addresses.get(requestId) ?? '?', bytes: encodedDataLength });
  });
  return {
    context,
    page,
    session,
    /** What the console and scripts complained about, refusals of the content security policy among it. */
    complaints,
    /** Goes somewhere, waits until nothing loads any more, and returns what was transferred for it. */
    async go(url) {
      loads.length = 0;
      const response = await page.goto(url, { waitUntil: 'networkidle' });
      return { status: response.status(), loads: [...loads], bytes: loads.reduce((sum, load) => sum + load.bytes, 0) };
    },
    close: () => context.close(),
  };
}

/** A picture of the whole page under test-results/. The window is made as tall as the page: sticky parts stay in place. */
export async function shot(page, name) {
  mkdirSync(SHOTS, { recursive: true });
  const window = page.viewportSize();
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: window.width, height: Math.max(height, window.height) });
  await page.screenshot({ path: `${SHOTS}${name}.png` });
  await page.setViewportSize(window);
}
