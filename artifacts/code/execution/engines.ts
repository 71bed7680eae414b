/** Which programs can be run, and what it takes. */
import type { Engine } from '@/artifacts/code/execution/protocol';
import { resolveLanguage } from '@/lib/client/markdown/languages';

/** Where scripts/lib/sandbox.ts puts what a run needs. */
const SANDBOX = '/sandbox';
export const EXECUTION_FRAME_URL = `${SANDBOX}/run.html`;

const WORKER_URLS: Record<Engine, string> = {
  javascript: `${SANDBOX}/javascript.js`,
  python: `${SANDBOX}/python.js`,
};

const ENGINE_FILES: Record<Engine, readonly string[]> = {
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
export function findEngine(name: string): { engine: Engine; language: string } | null {
  const language = resolveLanguage(name);
  if (language === 'javascript' || language === 'typescript')
    return { engine: 'javascript', language };
  return language === 'python' ? { engine: 'python', language } : null;
}

/** Loads the engine; what the browser has kept comes from there. @throws where the app does not answer */
export async function loadEngine(
  engine: Engine,
): Promise<{ worker: string; files: Record<string, ArrayBuffer> }> {
  const [worker, ...files] = await Promise.all([
    fetchFile(WORKER_URLS[engine]).then((response) => response.text()),
    ...ENGINE_FILES[engine].map(async (name): Promise<[string, ArrayBuffer]> => {
      const response = await fetchFile(`${SANDBOX}/pyodide/${name}`);
      return [name, await response.arrayBuffer()];
    }),
  ]);
  return { worker, files: Object.fromEntries(files) };
}

async function fetchFile(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}
