/** Which programs can be run, and what it takes. */
import type { Engine } from '@/artifacts/code/run/protocol';
import { languageOf } from '@/lib/client/markdown/languages';

/** Where scripts/lib/sandbox.ts puts what a run needs. */
const SANDBOX = '/sandbox';
export const RUN_FRAME = `${SANDBOX}/run.html`;

const WORKERS: Record<Engine, string> = {
  javascript: `${SANDBOX}/javascript.js`,
  python: `${SANDBOX}/python.js`,
};

const FILES: Record<Engine, readonly string[]> = {
  javascript: [],
  python: [
    'pyodide.mjs',
    'pyodide.asm.mjs',
    'pyodide.asm.wasm',
    'python_stdlib.zip',
    'pyodide-lock.json',
  ],
};

/** The language by the name that engines know, and what runs it; null where nothing here does. */
export function engineOf(name: string): { engine: Engine; language: string } | null {
  const language = languageOf(name);
  if (language === 'javascript' || language === 'typescript')
    return { engine: 'javascript', language };
  return language === 'python' ? { engine: 'python', language } : null;
}

/** Loads the engine; what the browser has kept comes from there. @throws where the app does not answer */
export async function loadEngine(
  engine: Engine,
): Promise<{ worker: string; files: Record<string, ArrayBuffer> }> {
  const [worker, ...files] = await Promise.all([
    load(WORKERS[engine]).then((response) => response.text()),
    ...FILES[engine].map(async (name): Promise<[string, ArrayBuffer]> => {
      const response = await load(`${SANDBOX}/pyodide/${name}`);
      return [name, await response.arrayBuffer()];
    }),
  ]);
  return { worker, files: Object.fromEntries(files) };
}

async function load(address: string): Promise<Response> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response;
}
