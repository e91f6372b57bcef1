// Starts the server with the style page and sample pages of the ui crate.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const ROOT = new URL('../../', import.meta.url).pathname;

/** `{ url, stop }`. With NHAVIEC_SHOWCASE set, one that runs already is used. */
export async function showcase() {
  if (process.env.NHAVIEC_SHOWCASE) return { url: process.env.NHAVIEC_SHOWCASE, stop() {} };
  const server = spawn('cargo', ['run', '--quiet', '--package', 'ui', '--example', 'showcase'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: server.stdout }).once('line', resolve);
    server.once('exit', (code) => reject(new Error(`the showcase ended with ${code} before it said where it is`)));
  });
  return { url, stop: () => server.kill() };
}
