// Keys as a scanner or an input method sends them: real events, one on the heels of the other.

/** What the card of a fictional citizen says. */
export const CARD = '099190000123||LÒ THỊ MẨY|02011990|Nữ|Bản Huổi Lếch, xã Phúc Khê, tỉnh Mây Thượng|01012022|Lò Văn Pành|';

const KEYS = {
  Backspace: { code: 'Backspace', windowsVirtualKeyCode: 8 },
  Enter: { code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' },
};

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
