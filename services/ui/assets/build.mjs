// Builds everything that the ui crate embeds, into dist/: `npm ci --ignore-scripts && node build.mjs`.
// No step asks the network. The Rust side reads dist/manifest.json and nothing else of this folder.
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { icons, sprite } from './build/icons.mjs';
import { licences } from './build/licences.mjs';
import { Publisher } from './build/publish.mjs';
import { script, scripts } from './build/scripts.mjs';
import { stylesheet, theme } from './build/styles.mjs';

process.chdir(import.meta.dirname);
rmSync('dist', { recursive: true, force: true });
mkdirSync('dist', { recursive: true });

const out = new Publisher('dist');

// Fonts and pictures first: the style sheets name them by their hashed names.
for (const file of readdirSync('fonts').filter((name) => name.endsWith('.woff2'))) {
  out.add(file, readFileSync(`fonts/${file}`));
}
for (const file of readdirSync('src/images')) out.add(file, readFileSync(`src/images/${file}`));
out.add('icons.svg', sprite(icons()));

theme('config/theme.json');
for (const name of ['citizen', 'desk', 'print']) {
  out.add(`${name}.css`, out.link(stylesheet(name)));
}

out.add('desk.js', await script('src/js'));
for (const file of scripts('src/js/alone')) out.add(file, await script('src/js/alone', [file]));
out.add('htmx.js', readFileSync('node_modules/htmx.org/dist/htmx.min.js'));

out.finish(licences());
