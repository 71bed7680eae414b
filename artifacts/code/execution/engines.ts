/** The engines that execute programs, and the files they need. */
import type { Engine } from '@/artifacts/code/execution/protocol';
import { fetchSandboxFile } from '@/artifacts/code/sandbox-frame';
import { resolveLanguage } from '@/lib/client/markdown/languages';

/** scripts/lib/sandbox.ts writes the files of the sandbox here. */
const SANDBOX = '/sandbox';
export const EXECUTION_FRAME_URL = `${SANDBOX}/run.html`;

const WORKER_URLS: Record<Engine, string> = {
  javascript: `${SANDBOX}/javascript-worker.js`,
  python: `${SANDBOX}/python-worker.js`,
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

/** Returns the engine for a language and its normalized name; null if no engine executes it. */
export function findEngine(name: string): { engine: Engine; language: string } | null {
  const language = resolveLanguage(name);
  if (language === 'javascript' || language === 'typescript')
    return { engine: 'javascript', language };
  return language === 'python' ? { engine: 'python', language } : null;
}

/**
 * Fetches the files of an engine, from the browser's cache if possible.
 * @throws if a file cannot be fetched
 */
export async function loadEngine(
  engine: Engine,
): Promise<{ worker: string; files: Record<string, ArrayBuffer> }> {
  const [worker, ...files] = await Promise.all([
    fetchSandboxFile(WORKER_URLS[engine]).then((response) => response.text()),
    ...ENGINE_FILES[engine].map(async (name): Promise<[string, ArrayBuffer]> => {
      const response = await fetchSandboxFile(`${SANDBOX}/pyodide/${name}`);
      return [name, await response.arrayBuffer()];
    }),
  ]);
  return { worker, files: Object.fromEntries(files) };
}
