// One sprite with only the icons that `src/icon.rs` names.
import { readFileSync } from 'node:fs';

/** The icon names of the Rust enum: the one list of icons there is. */
export function icons() {
  const source = readFileSync('../src/icon.rs', 'utf8');
  const list = source.match(/icons! \{([\s\S]*?)\n\}/);
  if (!list) throw new Error('src/icon.rs: the list `icons! { … }` was not found');
  return [...list[1].matchAll(/=>\s*"([a-z0-9-]+)"/g)].map(([, name]) => name).sort();
}

/** Our mark carries its own colours; the others take the colour of the text around them. */
export function sprite(names) {
  const symbols = names.map((name) => {
    const file = name === 'mark' ? 'src/images/mark.svg' : `node_modules/lucide-static/icons/${name}.svg`;
    const svg = readFileSync(file, 'utf8').replace(/<!--[\s\S]*?-->/g, '');
    const viewBox = svg.match(/viewBox="([^"]+)"/)[1];
    const inner = svg.replace(/^[\s\S]*?<svg[\s\S]*?>/, '').replace('</svg>', '').replace(/\s+/g, ' ').replace(/> </g, '><').trim();
    return `<symbol id="${name}" viewBox="${viewBox}">${inner}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
}
