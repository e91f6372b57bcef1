// Keys as a scanner or an input method sends them: real events, one on the heels of the other.

/** What the card of a fictional citizen says. */
export const CARD = '099190000123||LÒ THỊ MẨY|02011990|Nữ|Bản Huổi Lếch, xã Phúc Khê, tỉnh Mây Thượng|01012022|Lò Văn Pành|';

const KEYS = {
  Backspace: { code: 'Backspace', windowsVirtualKeyCode: 8 },
  Enter: { code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' },
};

/** What the digits' keys write on the Vietnamese layout of Windows; the five tones are dead keys. */
const VIETNAMESE = ['đ', 'ă', 'â', 'ê', 'ô', 'Dead', 'Dead', 'Dead', 'Dead', 'Dead'];
/** The keys of a US keyboard by what they write, with Shift or without. */
const PLACES = { '|': ['Backslash', true], ' ': ['Space', false], ',': ['Comma', false], '-': ['Minus', false] };

/** Sends a text as a scanner does on a PC whose keyboard is set to Vietnamese: every key at its place, its sign another. */
export async function scanOnVietnameseLayout(session, text) {
  const sent = [...text].flatMap((sign) => {
    const digit = /\d/.test(sign);
    const letter = /[A-Za-z]/.test(sign);
    const [code, shifted] = PLACES[sign] ?? (digit ? [`Digit${sign}`, false] : [`Key${sign.toUpperCase()}`, sign !== sign.toLowerCase()]);
    const key = digit ? VIETNAMESE[sign] : sign;
    const written = key === 'Dead' ? '' : key;
    const event = { key, code, modifiers: shifted ? 8 : 0, windowsVirtualKeyCode: letter || digit ? sign.toUpperCase().charCodeAt(0) : 0 };
    return [
      session.send('Input.dispatchKeyEvent', { type: written ? 'keyDown' : 'rawKeyDown', text: written || undefined, ...event }),
      session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event }),
    ];
  });
  await Promise.all(sent);
  await burst(session, ['Enter']);
}

/** Sends these keys within milliseconds of one another: names (`Backspace`, `Enter`) and characters. */
export async function burst(session, keys) {
  const sent = keys.flatMap((key) => {
    const known = KEYS[key] ?? { code: '', text: key };
    return [
      session.send('Input.dispatchKeyEvent', { type: known.text ? 'keyDown' : 'rawKeyDown', key, ...known }),
      session.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code: known.code }),
    ];
  });
  await Promise.all(sent);
}
