import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { PROJECT } from './paths';

const SANDBOX_SOURCES = path.join(PROJECT, 'artifacts/code/sandbox');

/** The files of Pyodide; its loader requests them by name. */
const PYODIDE_FILES = [
  'pyodide.mjs',
  'pyodide.asm.mjs',
  'pyodide.asm.wasm',
  'python_stdlib.zip',
  'pyodide-lock.json',
];

/**
 * Creates the files under /sandbox in which programs and previews run: two iframes with their own
 * policies (lib/server/http/content-security-policy.ts), the workers that run programs, Pyodide and
 * Mermaid. Browsers load each of them on first use.
 * @param folder the server's folder for public files
 */
export async function buildSandbox(folder: string): Promise<void> {
  const to = path.join(folder, 'sandbox');
  await rm(to, { recursive: true, force: true });
  await mkdir(path.join(to, 'pyodide'), { recursive: true });
  const modules = path.join(PROJECT, 'node_modules');
  await Promise.all([
    writeFrame('frame', path.join(to, 'run.html')),
    writeFrame('preview-frame', path.join(to, 'preview.html')),
    writeFile(path.join(to, 'javascript-worker.js'), await bundle('javascript')),
    writeFile(path.join(to, 'python-worker.js'), await bundle('python')),
    cp(path.join(modules, 'mermaid/dist/mermaid.min.js'), path.join(to, 'mermaid.js')),
    ...PYODIDE_FILES.map((name) =>
      cp(path.join(modules, 'pyodide', name), path.join(to, 'pyodide', name)),
    ),
  ]);
}

/** The script is inline: an iframe with an opaque origin cannot load it from the app. */
async function writeFrame(name: string, file: string): Promise<void> {
  const script = await bundle(name);
  await writeFile(
    file,
    `<!doctype html><meta charset="utf-8"><title>Sandbox</title><script>${script}</script>\n`,
  );
}

async function bundle(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(SANDBOX_SOURCES, `${name}.ts`)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    loader: { '.py': 'text' },
  });
  return outputFiles.map(({ text }) => text).join('');
}
