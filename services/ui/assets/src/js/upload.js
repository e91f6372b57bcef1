// Shows how far an upload is. Forms say `data-upload`; without this script the browser sends them as ever.
// The answer, a page either way, takes the place of this one, so that a message shown once is not asked for twice.
import { signedOut } from './session.js';

const WORDS = {
  vi: {
    sent: 'Đã gửi {n} %. Đừng đóng trang này.',
    received: 'Đã gửi xong, hệ thống đang kiểm tra tệp…',
    unsent: 'Chưa gửi được vì phiên làm việc đã hết. Đăng nhập lại ở thẻ khác rồi bấm gửi lần nữa.',
    broken: 'Mạng bị ngắt, tệp chưa gửi được. Những gì đã điền vẫn còn: ông/bà hãy bấm gửi lại.',
  },
  en: {
    sent: '{n} % sent. Do not close this page.',
    received: 'Sent. The file is being checked…',
    unsent: 'Not sent, for your session has ended. Sign in again in another tab, then send it once more.',
    broken: 'The connection broke and the file was not sent. What you typed is still here: please send it again.',
  },
};
const words = () => WORDS[document.documentElement.lang] ?? WORDS.vi;

function data(form, button) {
  const fields = new FormData(form);
  if (button?.name) fields.append(button.name, button.value);
  return fields;
}

function show(form) {
  const state = document.createElement('output');
  state.className = 'upload-state';
  const bar = document.createElement('progress');
  bar.max = 100;
  const text = document.createElement('span');
  state.append(bar, text);
  form.querySelector('.upload-state')?.remove();
  form.append(state);
  return { bar, text };
}

function replace(request) {
  const page = new DOMParser().parseFromString(request.responseText, 'text/html');
  document.title = page.title;
  document.body.replaceWith(page.body);
  if (request.responseURL !== location.href) history.pushState(null, '', request.responseURL);
  globalThis.htmx?.process(document.body);
  document.dispatchEvent(new CustomEvent('htmx:load'));
  scrollTo(0, 0);
  (document.querySelector('[role=alert]') ?? document.querySelector('main'))?.focus();
}

document.addEventListener('submit', (event) => {
  const form = event.target.closest('form[data-upload]');
  const picked = form && [...form.querySelectorAll('input[type=file]')].some((input) => input.files.length > 0);
  if (!picked || event.defaultPrevented) return;
  event.preventDefault();

  const { bar, text } = show(form);
  const request = new XMLHttpRequest();
  const button = event.submitter;
  if (button) button.disabled = true;
  request.upload.addEventListener('progress', ({ loaded, total }) => {
    bar.value = (loaded * 100) / total;
    text.textContent = words().sent.replace('{n}', Math.floor(bar.value));
  });
  request.upload.addEventListener('load', () => {
    bar.removeAttribute('value');
    text.textContent = words().received;
  });
  // What was typed and picked stays, to be sent again.
  const keep = (sentence) => {
    bar.remove();
    text.textContent = sentence;
    if (button) button.disabled = false;
    form.dispatchEvent(new Event('input', { bubbles: true }));
  };
  request.addEventListener('load', () => {
    if (request.status !== 401) {
      replace(request);
      return;
    }
    keep(words().unsent);
    signedOut();
  });
  request.addEventListener('error', () => keep(words().broken));
  request.open('POST', button?.getAttribute('formaction') ?? form.getAttribute('action'));
  request.setRequestHeader('X-Requested-With', 'XMLHttpRequest');
  request.send(data(form, button));
});
