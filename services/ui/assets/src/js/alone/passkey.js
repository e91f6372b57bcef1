/*
 * Passkeys: asks the browser for one and sends its answer with the form it stands in. Everything is decided by the server;
 * without this script, or where the browser has no passkeys, the password's form beside it works.
 */
const WORDS = {
  vi: {
    cancelled: 'Chưa xác nhận được: thao tác bị hủy, hết giờ, hoặc thiết bị này không có khóa truy cập của ông/bà.',
    known: 'Thiết bị này đã có khóa truy cập của ông/bà.',
    failed: 'Chưa dùng được khóa truy cập lúc này. Ông/bà hãy tải lại trang rồi thử lại.',
    none: 'Trình duyệt này không dùng được khóa truy cập.',
    elsewhere: 'Muốn dùng khóa truy cập, hãy mở Nhà Việc tại địa chỉ ',
  },
  en: {
    cancelled: 'Not confirmed: it was cancelled, it took too long, or this device has no passkey of yours.',
    known: 'This device has a passkey of yours already.',
    failed: 'Passkeys do not work at the moment. Please load the page again and retry.',
    none: 'This browser has no passkeys.',
    elsewhere: 'To use a passkey, open this site at ',
  },
};
const words = WORDS[document.documentElement.lang] ?? WORDS.vi;
/** A question is good for five minutes; one that waits in the background is asked anew when somebody comes. */
const STALE_MS = 240_000;
const TRANSPORTS = ['usb', 'nfc', 'ble', 'internal', 'hybrid'];

const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** The question as browsers take it: what the server wrote as text becomes bytes. */
function readable(asked) {
  const listed = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));
  return {
    ...asked,
    challenge: bytes(asked.challenge),
    ...(asked.user && { user: { ...asked.user, id: bytes(asked.user.id) } }),
    ...(asked.excludeCredentials && { excludeCredentials: listed(asked.excludeCredentials) }),
    ...(asked.allowCredentials && { allowCredentials: listed(asked.allowCredentials) }),
  };
}

/** The answer as the server reads it. */
function written({ id, rawId, type, response }, results) {
  const said = {};
  for (const part of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (response[part]) said[part] = text(response[part]);
  }
  const transports = response.getTransports?.().filter((one) => TRANSPORTS.includes(one));
  if (transports) said.transports = transports;
  const clientExtensionResults = results.credProps ? { credProps: results.credProps } : {};
  return JSON.stringify({ id, rawId: text(rawId), type, response: said, clientExtensionResults });
}

/** What waits in the background for somebody to pick a passkey from the browser's own list. */
let waiting = null;

function tell(box, sentence) {
  box.querySelector('output').textContent = sentence;
}

async function question(box) {
  if (box.dataset.asked) return { ceremony: '', publicKey: JSON.parse(box.dataset.asked) };
  const answer = await fetch(box.dataset.ask, { headers: { 'X-Requested-With': 'fetch' }, cache: 'no-store' });
  if (!answer.ok) throw new Error(`asked for a question: ${answer.status}`);
  return answer.json();
}

async function ask(box, mediation) {
  waiting?.abort();
  const stop = new AbortController();
  waiting = mediation ? stop : null;
  tell(box, '');
  try {
    const { ceremony, publicKey: asked } = await question(box);
    const publicKey = readable(asked);
    const options = { publicKey, signal: stop.signal, ...(mediation && { mediation }) };
    const credential = await (asked.user ? navigator.credentials.create(options) : navigator.credentials.get(options));
    box.querySelector('[name=ceremony]').value = ceremony;
    box.querySelector('[name=answer]').value = written(credential, credential.getClientExtensionResults());
    const form = box.closest('form');
    if (form.requestSubmit) form.requestSubmit();
    else form.submit();
  } catch (error) {
    // What nobody asked for aloud fails in silence.
    if (mediation || error.name === 'AbortError') return;
    const known = { NotAllowedError: words.cancelled, InvalidStateError: words.known };
    tell(box, known[error.name] ?? words.failed);
  }
}

/** Offers passkeys in the list that opens at the user name's box, where the browser has such a list. */
async function offer(box) {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  let asked = Date.now();
  ask(box, 'conditional');
  document.addEventListener('focusin', ({ target }) => {
    if (!target.autocomplete?.includes('webauthn') || Date.now() - asked < STALE_MS) return;
    asked = Date.now();
    ask(box, 'conditional');
  });
}

for (const box of document.querySelectorAll('[data-passkey]')) {
  const button = box.querySelector('button');
  box.hidden = false;
  if (location.origin !== box.dataset.passkey) {
    button.hidden = true;
    tell(box, `${words.elsewhere}${box.dataset.passkey}`);
  } else if (!window.PublicKeyCredential) {
    button.hidden = true;
    tell(box, words.none);
  } else {
    button.addEventListener('click', () => ask(box));
    if ('autofill' in box.dataset) offer(box);
  }
}
