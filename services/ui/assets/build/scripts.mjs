// Bundles our own small modules: every file of src/js joins the desk's script by being there; those of src/js/alone are
// scripts of their own, for the pages that name them.
import { readdirSync } from 'node:fs';
import { build } from 'esbuild';

/** The modules of a folder. */
export const scripts = (folder) => readdirSync(folder).filter((name) => name.endsWith('.js')).sort();

/** One classic script without eval, for the oldest browsers the style sheets support. */
export async function script(folder, modules = scripts(folder)) {
  const result = await build({
    stdin: { contents: modules.map((name) => `import './${name}';`).join('\n'), resolveDir: folder },
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    charset: 'utf8',
    target: ['chrome105', 'safari15.4', 'firefox121'],
    legalComments: 'none',
    logLevel: 'warning',
  });
  return result.outputFiles[0].contents;
}
