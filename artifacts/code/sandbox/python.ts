/** The worker for Python programs (Pyodide). Built by scripts/lib/sandbox.ts. */
import type { loadPyodide as LoadPyodide, PyodideAPI } from 'pyodide';
import { type OutputItem, parseExecutionEvent } from '@/artifacts/code/execution/protocol';
import { buildChart, type PlotOptions } from './chart';
import { lockDown, NO_NETWORK_MESSAGE } from './lock-down';
import type { OutputSink } from './output-sink';
import prelude from './prelude.py';
import { serveExecution } from './serve-execution';

type Files = Record<string, ArrayBuffer>;

/** A host that does not exist: requests of Pyodide to it are served from the files. */
const PYODIDE_BASE_URL = 'https://pyodide.invalid/';

serveExecution(async ({ code, files }, sink, fail) => {
  const pyodide = await loadPyodideFrom(files);
  lockDown(globalThis);
  pyodide.setStdout(createOutputStream('stdout', sink));
  pyodide.setStderr(createOutputStream('stderr', sink));
  pyodide.registerJsModule('_page', createPageModule(sink));
  const run: (code: string) => Promise<string | undefined> = pyodide.runPython(prelude);
  onRuntimeExit(pyodide, (status) => {
    if (status === 0) sink.end('done');
    else fail(new ExitError(status ? exitMessage(status) : 'The Python runtime crashed.'));
  });
  sink.started();
  const failure = await run(code);
  if (failure !== undefined) throw new ExitError(failure);
}, toErrorItem);

/**
 * Calls `onExit` when the Python runtime exits: after `os._exit`, an abort or a stack overflow.
 * Promises of Python code never settle then.
 */
function onRuntimeExit(pyodide: PyodideAPI, onExit: (status: number | undefined) => void): void {
  type Api = { on_fatal?: (error: { status?: number }) => void };
  (pyodide as unknown as { _api: Api })._api.on_fatal = ({ status }) => {
    // Errors thrown through Python reject promises that no code handles. They are already reported.
    addEventListener('unhandledrejection', (event) => event.preventDefault());
    onExit(status);
  };
}

function exitMessage(status: number): string {
  return `The program ended with exit code ${status}.`;
}

/** The program or the runtime exited with a failure; displayed without a traceback. */
class ExitError extends Error {}

/**
 * Returns an output stream that forwards Python's writes immediately. It claims to be a terminal,
 * so that Python flushes after each line.
 */
function createOutputStream(name: 'stdout' | 'stderr', sink: OutputSink) {
  // A character may be split across two writes.
  const decoder = new TextDecoder();
  return {
    isatty: true,
    write(bytes: Uint8Array): number {
      const text = decoder.decode(bytes, { stream: true });
      if (text !== '') sink.write({ type: 'text', stream: name, text });
      return bytes.length;
    },
  };
}

async function loadPyodideFrom(files: Files): Promise<PyodideAPI> {
  const { fetch } = globalThis;
  globalThis.fetch = async (url) => {
    const name = new URL(String(url)).pathname.slice(1);
    const headers = { 'content-type': name.endsWith('.wasm') ? 'application/wasm' : '' };
    return new Response(files[name], { status: files[name] ? 200 : 404, headers });
  };
  try {
    const { loadPyodide } = (await importFile(files, 'pyodide.mjs')) as {
      loadPyodide: typeof LoadPyodide;
    };
    const emscriptenModule = (await importFile(files, 'pyodide.asm.mjs')) as { default: unknown };
    return await loadPyodide({
      indexURL: PYODIDE_BASE_URL,
      // Otherwise Pyodide would import it by URL.
      createPyodideModule: emscriptenModule.default,
    } as Parameters<typeof LoadPyodide>[0]);
  } finally {
    globalThis.fetch = fetch;
  }
}

function importFile(files: Files, name: string): Promise<unknown> {
  const blob = new Blob([files[name] as ArrayBuffer], { type: 'text/javascript' });
  return import(URL.createObjectURL(blob));
}

/** The `_page` module of the prelude. JSON avoids Python proxies, which must be destroyed. */
function createPageModule(sink: OutputSink) {
  return {
    show(json: string) {
      const item = JSON.parse(json) as OutputItem;
      if (parseExecutionEvent({ type: 'output', item })) sink.write(item);
    },
    plot(json: string) {
      const { xs, ys, options } = JSON.parse(json) as {
        xs: unknown;
        ys: unknown;
        options: PlotOptions;
      };
      sink.write({ type: 'chart', chart: buildChart(xs, ys, options) });
    },
  };
}

const NETWORK_ERROR = /urlopen error|getaddrinfo|gaierror|Failed to fetch|NetworkError|unreachable/;

/** Stack frames of the runtime and of the prelude, such as `input`. */
const INTERNAL_FRAMES =
  /^ {2}File "(?:<exec>|\/lib\/python[^"]*\/_?pyodide\/[^"]*)".*\n(?: {4}.*\n)*/gm;

/** Formats a Python error without the internal stack frames. */
function toErrorItem(error: unknown) {
  if (error instanceof ExitError)
    return { type: 'error', text: error.message, line: null } as const;
  const { type, message } = error as { type?: string; message?: string };
  const trace = String(message ?? error)
    .replace(INTERNAL_FRAMES, '')
    .trimEnd();
  const programStart = trace.indexOf('  File "program.py"');
  let text =
    programStart === -1
      ? trace.split('\n').slice(-1).join('')
      : `Traceback (most recent call last):\n${trace.slice(programStart)}`;
  if (type === 'ModuleNotFoundError') {
    const name = /No module named '([^'.]+)|The module '([^'.]+)/.exec(trace);
    text = text.replace(/\n?ModuleNotFoundError[\s\S]*$/, '').trimEnd();
    text += `${text && '\n'}ModuleNotFoundError: ${name?.[1] ?? name?.[2] ?? 'It'} is not available. Programs have only Python's standard library here, and no network access to load more.`;
  } else if (NETWORK_ERROR.test(trace)) {
    text += `\n${NO_NETWORK_MESSAGE}`;
  }
  const lines = [...trace.matchAll(/File "program\.py", line (\d+)/g)];
  return { type: 'error', text, line: Number(lines.at(-1)?.[1]) || null } as const;
}
