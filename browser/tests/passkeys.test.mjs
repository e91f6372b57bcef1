// A passkey from the first to the last: made, signed in with, taken away. The browser has a device of its own for them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, shot, visitor } from '../lib/browser.mjs';
import { demoHouse, signIn } from '../lib/house.mjs';

let house;
let browser;
before(async () => {
  house = await demoHouse({ dossiers: 5, named: true });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

/** An officer at a browser with a device that verifies its owner. */
async function officer(kind, options = {}) {
  const account = house.accounts.find(({ username }) => username === `${kind}.demo`);
  const reader = await visitor(browser, { width: 1366, height: 768, ...options });
  await reader.session.send('WebAuthn.enable');
  const { authenticatorId } = await reader.session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
      // It also answers what waits in the background for somebody to pick a passkey.
      automaticPresenceSimulation: true,
    },
  });
  const device = {
    held: async () => (await reader.session.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
  };
  return { ...reader, account, device };
}

const LIST = '/tai-khoan/xac-thuc/khoa-truy-cap';

/** Makes a passkey as a person would. */
async function enrol({ page, account }, name) {
  await page.goto(`${house.url}${LIST}`);
  await page.getByLabel('Mật khẩu hiện tại').fill(account.password);
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  await page.getByLabel('Tên khóa').fill(name);
  await page.getByRole('button', { name: 'Tạo khóa truy cập' }).click();
  await page.waitForURL(`${house.url}${LIST}`);
  await page.getByRole('link', { name }).waitFor();
}

async function signOut(page) {
  await page.locator('form[action="/dang-xuat"] button').first().click();
  await page.waitForURL(/dang-nhap/);
}

test('by password, then with a passkey, and without it again', async () => {
  const reader = await officer('tuphap');
  const { page, account, device, complaints } = reader;
  await signIn(page, house.url, account);
  await enrol(reader, 'Máy ở cơ quan');
  assert.equal((await device.held()).length, 1);
  await shot(page, 'passkeys-list-desktop');
  // At the entrance the device is offered in the browser's list, and this one takes the offer by itself.
  await signOut(page);
  await page.waitForURL((address) => !address.pathname.startsWith('/dang-nhap'));
  await page.goto(`${house.url}/tai-khoan`);
  await page.getByText('1 khóa').waitFor();
  // What asks for the password takes the passkey.
  await page.goto(`${house.url}${LIST}`);
  await page.getByRole('link', { name: 'Máy ở cơ quan' }).click();
  await page.getByLabel('Tên khóa').waitFor();
  await shot(page, 'passkeys-one-desktop');
  await page.getByRole('button', { name: 'Gỡ, và xác nhận bằng khóa truy cập' }).click();
  await page.waitForURL(`${house.url}${LIST}`);
  await page.getByText('Chưa có khóa truy cập').waitFor();
  // The device still has it, and it opens nothing.
  await signOut(page);
  await page.getByText('Không đăng nhập được bằng khóa truy cập này').first().waitFor();
  const expected = complaints.filter((text) => !/status of 422/.test(text));
  assert.deepEqual(expected, []);
  await reader.close();
});

test('a press of the button signs in where the browser offers no list', async () => {
  const reader = await officer('motcua1');
  const { page, account } = reader;
  await page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = async () => false;
  });
  await signIn(page, house.url, account);
  await enrol(reader, 'Điện thoại');
  await signOut(page);
  const button = page.getByRole('button', { name: 'Đăng nhập bằng khóa truy cập (passkey)' });
  await button.waitFor();
  // What browsers say when somebody cancels: the page tells it and stays.
  await page.evaluate(() => {
    const asked = navigator.credentials.get;
    navigator.credentials.get = async () => {
      navigator.credentials.get = asked;
      throw new DOMException('', 'NotAllowedError');
    };
  });
  await button.click();
  await page.getByText('Chưa xác nhận được').waitFor();
  await shot(page, 'passkeys-cancelled-desktop');
  await button.click();
  await page.waitForURL((address) => !address.pathname.startsWith('/dang-nhap'));
  await page.goto(`${house.url}/tai-khoan`);
  await page.getByText(account.name).first().waitFor();
  await reader.close();
});

test('without a script, and at another address, there is no dead button', async () => {
  const silent = await visitor(browser, { script: false });
  await silent.page.goto(`${house.url}/dang-nhap`);
  assert.equal(await silent.page.getByRole('button').count(), 1);
  await silent.close();
  const elsewhere = await visitor(browser);
  await elsewhere.page.goto(`${house.url.replace('localhost', '127.0.0.1')}/dang-nhap`);
  await elsewhere.page.getByText(`hãy mở Nhà Việc tại địa chỉ ${house.url}`).waitFor();
  assert.equal(await elsewhere.page.getByRole('button', { name: 'khóa truy cập' }).count(), 0);
  await elsewhere.close();
});

test('it looks right on phones and desks, by day and by night', async () => {
  for (const [width, height, size] of [[390, 844, 'phone'], [1366, 768, 'desktop']]) {
    for (const scheme of ['light', 'dark']) {
      const reader = await officer('chutich', { width, height, scheme });
      const { page, account } = reader;
      await page.addInitScript(() => {
        PublicKeyCredential.isConditionalMediationAvailable = async () => false;
      });
      await page.goto(`${house.url}/dang-nhap`);
      await page.getByRole('button', { name: 'khóa truy cập' }).waitFor();
      await shot(page, `passkeys-entrance-${size}-${scheme}`);
      await signIn(page, house.url, account);
      await page.goto(`${house.url}${LIST}`);
      await shot(page, `passkeys-first-${size}-${scheme}`);
      if (await page.getByLabel('Mật khẩu hiện tại').count()) {
        await page.getByLabel('Mật khẩu hiện tại').fill(account.password);
        await page.getByRole('button', { name: 'Tiếp tục' }).click();
        await page.getByLabel('Tên khóa').waitFor();
        await shot(page, `passkeys-new-${size}-${scheme}`);
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
      assert.equal(wide, false, `${size} ${scheme} scrolls sideways`);
      await reader.close();
    }
  }
});
