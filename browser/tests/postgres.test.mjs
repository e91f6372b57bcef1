// A house over PostgreSQL: a dossier that the head of a department reviews goes its whole way through Chromium.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, visitor } from '../lib/browser.mjs';
import { act, fold, officersOf, send, upload } from '../lib/desk.mjs';
import { demoHouse } from '../lib/house.mjs';
import { freshSchema } from '../lib/postgres.mjs';

const REASON = 'Chưa ghi ngày của Giấy xác nhận khuyết tật.';

let schema;
let house;
let browser;
let desk;
let passTo;
before(async () => {
  schema = freshSchema();
  house = await demoHouse({ dossiers: 20, database: schema.url });
  browser = await launch();
  ({ desk, passTo } = officersOf(house, browser));
});
after(async () => {
  await browser?.close();
  // The schema can go once nobody works in it.
  await house?.stop();
  schema?.drop();
});

/** A monthly allowance that the counter receives; answers its code and the link of its receipt. */
async function receive() {
  const answer = await fetch(`${house.url}/api/v1/dossiers`, {
    method: 'POST',
    headers: { authorization: `Bearer ${house.token}`, 'content-type': 'application/json', 'idempotency-key': 'postgres-allowance' },
    body: JSON.stringify({
      procedure: '1.001776', channel: 'counter', return_way: 'counter',
      form: {
        applicant_name: 'Lò Thị Mẩy', applicant_birth_date: '02/01/1990', applicant_identity: '099190000123',
        applicant_address: 'Bản Huổi Lếch, xã Phúc Khê', applicant_phone: '0975 000 418', applicant_relation: 'than-thich',
        beneficiary_name: 'Lò Văn Pành', beneficiary_birth_date: '15/05/1958', beneficiary_sex: 'nam',
        beneficiary_identity: '099058000456', beneficiary_address: 'Bản Huổi Lếch, xã Phúc Khê',
        request: 'huong-moi', group: 'khuyet-tat', situation: 'Liệt chân trái, sống cùng con gái',
        paid_by: 'tien-mat', pledge: 'yes',
      },
      papers: [{ requirement: 'to-khai-tro-cap', originals: 1 }],
    }),
  });
  assert.equal(answer.status, 201, await answer.clone().text());
  const { code, tracking_url: link } = await answer.json();
  return { code, path: new URL(link).pathname };
}

test('over PostgreSQL a dossier goes by the head of the department, back and on, to the citizen', async () => {
  const { code, path } = await receive();
  /** The dossier's page on an officer's desk. */
  const at = async (kind) => {
    const { page } = await desk(kind);
    await page.goto(`${house.url}/ho-so/${code}`);
    return page;
  };

  let page = await at('welfare');
  await send(page, page.getByRole('button', { name: 'Nhận xử lý' }));
  await passTo(page, 'head', {});
  page = await at('head');
  await act(page, 'Trả lại bước trước', { 'Lý do trả lại': REASON });
  page = await at('welfare');
  assert.ok((await page.locator('main').innerText()).includes(REASON), 'the specialist reads why it came back');
  await passTo(page, 'head', { 'Ý kiến': 'Đã ghi ngày 12/3/2026.' });
  await passTo(await at('head'), 'leader', {});
  await passTo(await at('leader'), 'clerk', {});
  page = await at('clerk');
  await fold(page, 'Hoàn thành');
  await page.locator('input[type=file]').first().setInputFiles([upload('Quyết định trợ cấp.pdf')]);
  await page.getByRole('button', { name: 'Hoàn thành' }).click();
  await page.getByText('Đã xử lý xong').first().waitFor();
  page = await at('counter');
  await act(page, 'Trả kết quả', {});
  await page.getByText('Đã trả kết quả').first().waitFor();

  const citizen = await visitor(browser, { width: 390, script: false });
  const { status } = await citizen.go(house.url + path);
  assert.equal(status, 200);
  const text = await citizen.page.locator('body').innerText();
  for (const shown of [code, 'Đã trả kết quả', 'Soát xét, trình lãnh đạo']) assert.ok(text.includes(shown), `${shown} is not shown`);
  for (const secret of ['Lò Thị Mẩy', 'Lò Văn Pành', '099190000123', '099058000456', 'Huổi Lếch', REASON]) {
    assert.ok(!text.includes(secret), `the page shows ${secret}`);
  }
  await citizen.close();

  // Else the house could have worked in a file all the while.
  assert.equal(schema.ask(`SELECT count(*) FROM dossier WHERE code = '${code}' AND delivered_at IS NOT NULL`), '1');
  for (const kind of ['welfare', 'head', 'leader', 'clerk', 'counter']) assert.deepEqual((await desk(kind)).complaints, [], kind);
});
