// Names files by their content, compresses them, and writes the manifest.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
/** Already compressed: a second compression only costs the reader time. */
const COMPRESSED = new Set(['.woff2']);

export class Publisher {
  constructor(folder) {
    this.folder = folder;
    this.files = {};
  }

  /** Writes `content` under a name that changes with it, with `.br` and `.gz` beside it where they help. */
  add(logical, content) {
    const bytes = Buffer.from(content);
    const kind = extname(logical);
    if (!TYPES[kind]) throw new Error(`${logical}: no content type is known for ${kind}`);
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
    const file = `${logical.slice(0, -kind.length)}.${hash}${kind}`;
    const entry = { file, type: TYPES[kind], bytes: bytes.length };
    writeFileSync(`${this.folder}/${file}`, bytes);
    if (!COMPRESSED.has(kind)) {
      const br = brotliCompressSync(bytes, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
      });
      const gz = gzipSync(bytes, { level: 9 });
      writeFileSync(`${this.folder}/${file}.br`, br);
      writeFileSync(`${this.folder}/${file}.gz`, gz);
      Object.assign(entry, { br: br.length, gz: gz.length });
    }
    this.files[logical] = entry;
  }

  /** Replaces `url(asset:NAME)` in a style sheet by the hashed file, which lies in the same folder. */
  link(css) {
    return css.replaceAll(/url\((["']?)asset:([^"')]+)\1\)/g, (_, __, logical) => {
      const entry = this.files[logical];
      if (!entry) throw new Error(`a style sheet names asset:${logical}, which does not exist`);
      return `url(${entry.file})`;
    });
  }

  /** Writes manifest.json last: where it exists, the build was whole. */
  finish(licences) {
    const manifest = { files: this.files, licences };
    writeFileSync(`${this.folder}/manifest.json`, `${JSON.stringify(manifest, null, 1)}\n`);
    for (const [logical, { bytes, br }] of Object.entries(this.files)) {
      console.log(`${logical.padEnd(28)} ${String(bytes).padStart(7)} B${br ? `  br ${String(br).padStart(6)} B` : ''}`);
    }
  }
}
