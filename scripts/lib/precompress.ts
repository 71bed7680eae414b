import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { SERVER_DIR } from './paths';

const compress = promisify(brotliCompress);

/**
 * Writes a Brotli copy of every script of the built app into the server's `public/br`, where
 * next.config.ts sends browsers that accept it: a sixth less to transfer than gzip, and no work for
 * the server. Compression runs on the threads of Node's pool.
 */
export async function precompressScripts(): Promise<void> {
  const from = path.join(SERVER_DIR, '.next/static');
  const to = path.join(SERVER_DIR, 'public/br');
  await rm(to, { recursive: true, force: true });
  const names = await readdir(from, { recursive: true });
  await Promise.all(
    names
      .filter((name) => name.endsWith('.js'))
      .map(async (name) => {
        const source = await readFile(path.join(from, name));
        const compressed = await compress(source, {
          params: {
            [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
            [constants.BROTLI_PARAM_SIZE_HINT]: source.length,
          },
        });
        await mkdir(path.dirname(path.join(to, name)), { recursive: true });
        await writeFile(path.join(to, name), compressed);
      }),
  );
}
