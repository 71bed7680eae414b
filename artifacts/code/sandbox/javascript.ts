/** The worker that runs a JavaScript or TypeScript program. Built for the sandbox: scripts/lib/sandbox.ts. */
import { begin } from './begin';
import { CodeError, type Compiled, compile, PROGRAM, VALUE } from './compile';
import { createConsole, display, plot } from './console';
import { inspect } from './inspect';
import { lockDown } from './lock-down';
import { countTimers } from './timers';

begin(async ({ code, language }, sink, fail) => {
  const compiled = compile(code, language);
  const timers = countTimers(globalThis);
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
}, explain);

async function evaluate({ code, form }: Compiled): Promise<unknown> {
  const named = `${code}\n//# sourceURL=${PROGRAM}`;
  // biome-ignore lint/security/noGlobalEval: to run a program is what this worker is for
  if (form === 'script') return await globalThis.eval(named);
  await import(URL.createObjectURL(new Blob([named], { type: 'text/javascript' })));
  return await (globalThis as Record<string, unknown>)[VALUE];
}

const NOT_HERE: Array<[RegExp, string]> = [
  [
    /^(?:document|window|localStorage|sessionStorage|alert|confirm|prompt) is not defined/,
    'A program runs apart from any page here. To show a page, write it as HTML.',
  ],
  [
    /^(?:require|process|module|Buffer|__dirname) is not defined/,
    'A program runs in the browser here, not in Node.js.',
  ],
];

function explain(error: unknown) {
  if (error instanceof CodeError) {
    return { type: 'error', text: error.message, line: error.line } as const;
  }
  if (!(error instanceof Error)) {
    return { type: 'error', text: `Uncaught ${inspect(error)}`, line: null } as const;
  }
  const message = String(error.message);
  const hint = NOT_HERE.find(([sign]) => sign.test(message))?.[1];
  const at = /program\.js:(\d{1,9})/.exec(String(error.stack))?.[1];
  const text = `${error.name}: ${message}${hint ? `\n${hint}` : ''}`;
  return { type: 'error', text, line: Number(at) || null } as const;
}
