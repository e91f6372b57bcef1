// What of other people's work is shipped to browsers, for the page /giay-phep. The data and the fonts of prints, which
// only the executable holds, are added where the page is made.
import { readFileSync } from 'node:fs';

const PACKAGES = ['@digdir/designsystemet-css', 'htmx.org', 'lucide-static'];
const FONTS = [
  { name: 'Be Vietnam Pro', version: '1.002', file: 'fonts/be-vietnam-pro.OFL.txt' },
  { name: 'Inter', version: '4.001', file: 'fonts/inter.OFL.txt' },
];

/** Name, version, SPDX licence and full text of each. */
export function licences() {
  const packages = PACKAGES.map((name) => {
    const folder = `node_modules/${name}`;
    const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    return { name, version, licence: license, text: readFileSync(`${folder}/LICENSE`, 'utf8').trim() };
  });
  const fonts = FONTS.map(({ name, version, file }) => {
    return { name, version, licence: 'OFL-1.1', text: readFileSync(file, 'utf8').trim() };
  });
  return [...packages, ...fonts];
}
