// An installation with an authority of its own: another implementation of TLS trusts it and what it gave, for its names only; a
// browser that trusts the server signs in, and one that does not is kept out.
import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { after, before, test } from 'node:test';
import { connect } from 'node:tls';
import { launch, shot, visitor } from '../lib/browser.mjs';
import { demoHouse, signIn } from '../lib/house.mjs';

let house;
let authority;
before(async () => {
  house = await demoHouse({ encrypted: true });
  const file = await fetch(`${house.plain}/cai-chung-thu/nha-viec.crt`);
  authority = new X509Certificate(Buffer.from(await file.arrayBuffer()));
});
after(() => house?.stop());

/** Shakes hands as OpenSSL does, asking for `name`; answers the certificate that was shown. */
function shake(name, ca) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: new URL(house.url).port, servername: name, ca }, () => {
      const shown = socket.getPeerX509Certificate();
      socket.end();
      resolve(shown);
    });
    socket.on('error', reject);
  });
}

test('OpenSSL trusts what the authority gave, for the names of the machine', async () => {
  const shown = await shake('nhaviec.lan', authority.toString());
  assert.ok(shown.checkIP('127.0.0.1') && shown.checkHost('localhost'));
  assert.ok(shown.checkIssued(authority));
  await assert.rejects(shake('ngan-hang.vn', authority.toString()), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  await assert.rejects(shake('nhaviec.lan', undefined), /unable to verify|self.signed|local issuer/);
});

test('a browser that trusts the server signs in by TLS, with cookies of this very host', async () => {
  const shown = await shake('localhost', authority.toString());
  const key = createHash('sha256').update(shown.publicKey.export({ type: 'spki', format: 'der' })).digest('base64');
  const browser = await launch(`--ignore-certificate-errors-spki-list=${key}`);
  try {
    const { page, context, complaints } = await visitor(browser, { width: 1366, height: 768 });
    await signIn(page, house.url, house.accounts[0]);
    assert.ok(page.url().startsWith('https://'));
    const cookies = await context.cookies();
    assert.ok(cookies.length >= 2, JSON.stringify(cookies));
    for (const cookie of cookies) assert.ok(cookie.name.startsWith('__Host-') && cookie.secure && cookie.httpOnly, cookie.name);
    await page.goto(`${house.plain}/viec-cua-toi`);
    assert.equal(page.url(), `${house.url}/viec-cua-toi`, 'plain http leads back, and the session is there');
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
  }
});

test('whoever keeps the machine sees how it is encrypted, and where other devices learn to trust it', async () => {
  const shown = await shake('localhost', authority.toString());
  const key = createHash('sha256').update(shown.publicKey.export({ type: 'spki', format: 'der' })).digest('base64');
  const browser = await launch(`--ignore-certificate-errors-spki-list=${key}`);
  try {
    const { page, complaints } = await visitor(browser, { width: 1366, height: 768 });
    await signIn(page, house.url, house.accounts.find(({ username }) => username === 'tinh.quantri.demo'));
    await page.goto(`${house.url}/quan-tri/may`);
    const line = page.getByRole('row').filter({ hasText: 'Đường truyền mã hóa (TLS)' });
    const print = authority.fingerprint256.replaceAll(':', '').match(/.{4}/g).join(' ');
    const text = await line.innerText();
    for (const part of [print, `${house.plain}/cai-chung-thu`, 'máy tự gia hạn']) assert.ok(text.includes(part), text);
    await page.getByRole('link', { name: 'Cài chứng thư trên máy khác' }).click();
    await page.waitForURL(`${house.url}/cai-chung-thu`);
    assert.ok((await page.locator('main').innerText()).includes(print));
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
  }
});

test('a browser that does not trust it is kept out, and finds by plain http how to', async () => {
  const browser = await launch();
  try {
    // A page of its own: the browser's own page of the refusal comes a little later, over whatever is opened next.
    const refused = await visitor(browser);
    await assert.rejects(refused.page.goto(house.url), /ERR_CERT_AUTHORITY_INVALID/);
    const { page, go, complaints } = await visitor(browser);
    const { status } = await go(`${house.plain}/cai-chung-thu`);
    assert.equal(status, 200);
    const print = authority.fingerprint256.replaceAll(':', '').match(/.{4}/g).join(' ');
    const text = await page.locator('main').innerText();
    assert.ok(text.includes(print), text);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(wide <= 0, `the page is ${wide} px too wide for a telephone`);
    await shot(page, 'trust-phone');
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
  }
});
