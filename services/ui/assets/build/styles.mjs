// Style sheets: the design system's parts, our theme, our own layers; then what nothing uses is taken out.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { bundle, transform } from 'lightningcss';

const CACHE = 'node_modules/.cache/nhaviec';
const version = (major, minor = 0) => (major << 16) | (minor << 8);
/** The oldest browsers with cascade layers and `:has()`; older ones show plain, usable pages. */
const TARGETS = { chrome: version(105), safari: version(15, 4), firefox: version(121) };

/** Builds the colour and size tokens of the theme and returns the folder with its style sheet. */
export function theme(config) {
  const run = (...args) => {
    execFileSync(process.execPath, ['node_modules/@digdir/designsystemet/dist/bin/designsystemet.js', 'tokens', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  };
  run('create', '--config', config);
  run('build', '--config', config, '--tokens', `${CACHE}/tokens`, '--out-dir', `${CACHE}/theme`, '--clean');
  return `${CACHE}/theme`;
}

/** One minified style sheet with everything unused removed. */
export function stylesheet(name) {
  const bundled = bundle({ filename: resolve(`src/css/${name}.css`), targets: TARGETS, errorRecovery: true });
  return purge(name, bundled.code);
}

/** The words of all templates and of the Rust that writes class names: a class outside it is in no page. */
function words() {
  const found = new Set();
  const read = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) read(path);
      else for (const [word] of readFileSync(path, 'utf8').matchAll(/[\w-]+/g)) found.add(word);
    }
  };
  for (const folder of ['../templates', '../src', 'src/js']) read(folder);
  return found;
}

/** Removes classes that no template names and custom properties that no rule reads, until nothing more falls. */
function purge(name, code) {
  const known = words();
  for (;;) {
    const css = Buffer.from(code).toString();
    const classes = [...css.matchAll(/\.(-?[a-zA-Z_][\w-]*)/g)].map(([, word]) => word).filter((word) => !known.has(word));
    const read = new Set([...css.matchAll(/var\(\s*(--[\w-]+)/g)].map(([, word]) => word));
    const unread = [...css.matchAll(/(--[\w-]+)\s*:/g)].map(([, word]) => word).filter((word) => !read.has(word));
    const result = transform({
      filename: `${name}.css`,
      code: Buffer.from(code),
      minify: true,
      targets: TARGETS,
      errorRecovery: true,
      unusedSymbols: [...new Set([...classes, ...unread])],
    });
    if (result.code.length >= code.length) return Buffer.from(result.code).toString();
    code = result.code;
  }
}
