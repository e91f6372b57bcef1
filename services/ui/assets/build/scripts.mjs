// Bundles our own small modules: every file of src/js joins the desk's script by being there.
import { readdirSync } from 'node:fs';
import { build } from 'esbuild';

/** One classic script without eval, for the oldest browsers the style sheets support. */
export async function script(folder) {
  const modules = readdirSync(folder).filter((name) => name.endsWith('.js')).sort();
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
