/*
 * Keeps the session while a form with `data-unsaved` is filled in: the server knows of typing only when it is told.
 * A small request, once a minute at most; two minutes before the session ends the page says so, and when it has ended
 * the page stays, full of what was typed, and offers signing in in another tab. Without this script a form that is
 * sent too late is answered by a page that says how to send it again.
 */
const TOUCH = '/tai-khoan/phien/con-lai';
const EVERY_MS = 60_000;
const WARN_MS = 120_000;
const WORDS = {
  vi: {
    soon: 'Phiên làm việc sắp hết (còn khoảng 2 phút). Những gì đã điền vẫn còn trên trang.',
    stay: 'Tiếp tục làm việc',
    over: 'Phiên làm việc đã hết. Những gì đã điền vẫn còn trên trang: ông/bà hãy đăng nhập ở thẻ khác rồi quay lại bấm gửi.',
    enter: 'Đăng nhập ở thẻ khác',
  },
  en: {
    soon: 'Your session is about to end (in some 2 minutes). What you typed is still on the page.',
    stay: 'Go on working',
    over: 'Your session has ended. What you typed is still on the page: please sign in in another tab, then send it again.',
    enter: 'Sign in in another tab',
  },
};
const words = () => WORDS[document.documentElement.lang] ?? WORDS.vi;

let touched = 0;
let warning = 0;

function clear() {
  document.querySelector('.session-notice')?.remove();
}

function show(text, action) {
  clear();
  const notice = document.createElement('div');
  notice.className = 'session-notice';
  notice.setAttribute('role', 'alert');
  const sentence = document.createElement('span');
  sentence.textContent = text;
  action.className = 'ds-button';
  notice.append(sentence, action);
  document.body.append(notice);
}

function soon() {
  const stay = document.createElement('button');
  stay.type = 'button';
  stay.textContent = words().stay;
  stay.addEventListener('click', () => touch());
  show(words().soon, stay);
}

/** Says that the session has ended and where to sign in; the page stays. */
export function signedOut() {
  clearTimeout(warning);
  const enter = document.createElement('a');
  enter.href = '/dang-nhap';
  enter.target = '_blank';
  enter.textContent = words().enter;
  enter.addEventListener('click', clear);
  show(words().over, enter);
}

async function touch() {
  touched = Date.now();
  const answer = await fetch(TOUCH, { headers: { 'X-Requested-With': 'fetch' }, cache: 'no-store' }).catch(() => null);
  if (!answer) return;
  if (answer.status === 401) {
    signedOut();
    return;
  }
  const seconds = Number(answer.ok ? await answer.text() : NaN);
  if (!(seconds > 0)) return;
  clear();
  clearTimeout(warning);
  warning = setTimeout(soon, Math.max(seconds * 1000 - WARN_MS, 0));
}

document.addEventListener('input', (event) => {
  if (event.target.closest('form[data-unsaved]') && Date.now() - touched > EVERY_MS) touch();
});
