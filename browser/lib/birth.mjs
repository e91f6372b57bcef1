// A birth as a counter would register it: a mother comes in with her card and the certificate of birth. All fictional.

/** A day of Viet Nam so many days ago, as people write it. */
function daysAgo(days) {
  const day = new Date(Date.now() - days * 86_400_000);
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh' }).format(day);
}

/** Values by the declared field's key; what the card of the mother fills in is left out. */
export const BIRTH = {
  applicant_phone: '0571234567',
  applicant_relation: 'me',
  case: 'thong-thuong',
  child_name: 'Vì Bảo An',
  child_birth_date: daysAgo(9),
  child_birth_time: '07:45',
  child_sex: 'nam',
  child_ethnicity: 'Thái',
  child_nationality: 'Việt Nam',
  child_birth_place: 'Trạm Y tế xã Phúc Khê, tỉnh Mây Thượng',
  child_hometown: 'Bản Huổi Lếch, xã Phúc Khê, tỉnh Mây Thượng',
  birth_certificate_number: '117/2026/GCS',
  mother_name: 'Lò Thị Mẩy',
  mother_birth_date: '02/01/1990',
  mother_identity: '099190000123',
  mother_ethnicity: 'Thái',
  mother_nationality: 'Việt Nam',
  mother_address: 'Bản Huổi Lếch, xã Phúc Khê, tỉnh Mây Thượng',
  father_name: 'Vì Văn Thắng',
  father_birth_date: '14/08/1988',
  father_identity: '099088000456',
  father_ethnicity: 'Thái',
  father_nationality: 'Việt Nam',
  father_address: 'Bản Huổi Lếch, xã Phúc Khê, tỉnh Mây Thượng',
  parents_married: 'da-ket-hon',
  marriage_certificate: 'Số 12/2019, UBND xã Phúc Khê',
  copies_wanted: '2',
  pledge: true,
};

/** The papers that she brings: of those that stand for one another, only one. */
export const PAPERS = ['to-khai', 'giay-chung-sinh', 'giay-to-tuy-than'];

/** Fills declared fields by their keys; a value that the page does not ask for is a mistake. */
export async function fill(page, values) {
  for (const [key, value] of Object.entries(values)) {
    const field = page.locator(`main form [name="f.${key}"]`);
    const kind = await field.first().evaluate((e) => (e.tagName === 'SELECT' ? 'select' : e.type));
    if (kind === 'radio') await page.locator(`main form [name="f.${key}"][value="${value}"]`).check();
    else if (kind === 'checkbox') await field.setChecked(value);
    else if (kind === 'select') await field.selectOption(value);
    else await field.fill(value);
  }
}
