/** The worker for JavaScript and TypeScript programs. Built by scripts/lib/sandbox.ts. */

import {
  type CompiledProgram,
  CompileError,
  compile,
  LAST_VALUE_KEY,
  PROGRAM_FILE_NAME,
} from './compile';
import { createConsole, display, plot } from './console';
import { inspect } from './inspect';
import { lockDown } from './lock-down';
import { serveExecution } from './serve-execution';
import { trackPendingWork } from './track-pending-work';

serveExecution(async ({ code, language }, sink, fail) => {
  const compiled = compile(code, language);
  const timers = trackPendingWork(globalThis);
  lockDown(globalThis);
  Object.assign(globalThis, {
    console: createConsole(sink),
    display: (value: unknown) => display(sink, value),
    plot: (...values: [unknown]) => plot(sink, ...values),
  });
  addEventListener('error', (event) => {
    event.preventDefault();
    fail(event.error ?? event.message);
  });
  addEventListener('unhandledrejection', (event) => {
    event.preventDefault();
    fail(event.reason);
  });
  sink.started();
  const value = await evaluate(compiled);
  await timers.idle();
  if (compiled.hasValue && value !== undefined) sink.write({ type: 'value', text: inspect(value) });
}, toErrorItem);

async function evaluate({ code, sourceType }: CompiledProgram): Promise<unknown> {
  const source = `${code}\n//# sourceURL=${PROGRAM_FILE_NAME}`;
  // biome-ignore lint/security/noGlobalEval: this worker executes programs
  if (sourceType === 'script') return await globalThis.eval(source);
  await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
  return await (globalThis as Record<string, unknown>)[LAST_VALUE_KEY];
}

const UNAVAILABLE_HINTS: Array<[RegExp, string]> = [
  [
    /^(?:document|window|localStorage|sessionStorage|alert|confirm|prompt) is not defined/,
    'Programs have no access to a page here. To show a page, write it as HTML.',
  ],
  [
    /^(?:require|process|module|Buffer|__dirname) is not defined/,
    'Programs run in the browser here, not in Node.js.',
  ],
];

function toErrorItem(error: unknown) {
  if (error instanceof CompileError) {
    return { type: 'error', text: error.message, line: error.line } as const;
  }
  if (!(error instanceof Error)) {
    return { type: 'error', text: `Uncaught ${inspect(error)}`, line: null } as const;
  }
  const message = String(error.message);
  const hint = UNAVAILABLE_HINTS.find(([pattern]) => pattern.test(message))?.[1];
  const lineNumber = /program\.js:(\d{1,9})/.exec(String(error.stack))?.[1];
  const text = `${error.name}: ${message}${hint ? `\n${hint}` : ''}`;
  return { type: 'error', text, line: Number(lineNumber) || null } as const;
}
