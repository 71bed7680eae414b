/** The app's side of an execution: creates the sandbox, receives its events and removes it. */
import { EXECUTION_FRAME_URL, findEngine, loadEngine } from '@/artifacts/code/execution/engines';
import { createOutputMeter } from '@/artifacts/code/execution/output-meter';
import {
  EXECUTION_TIMEOUT_MS,
  type OutputItem,
  parseExecutionEvent,
} from '@/artifacts/code/execution/protocol';
import type { FrameRequest } from '@/artifacts/code/sandbox/frame';
import { openSandbox } from '@/artifacts/code/sandbox-frame';

/** Python is 13 MB and must be compiled. */
const LOAD_TIMEOUT_MS = 120_000;

export type ExecutionOutcome =
  | 'done'
  | 'failed'
  | 'output-limit'
  | 'stopped'
  | 'timeout'
  | 'load-failed';

export type ExecutionListener = {
  /** The engine has loaded and the program starts. */
  onStart: () => void;
  onOutput: (item: OutputItem) => void;
  /** Called once, last. */
  onEnd: (outcome: ExecutionOutcome) => void;
};

/**
 * Executes a program in its own iframe with an opaque origin, no network and no DOM. Removing the
 * iframe always ends the program.
 * @param languageName a language that `findEngine` supports
 * @returns a function that stops the execution
 * @throws if no engine executes the language
 */
export function executeProgram(
  code: string,
  languageName: string,
  listener: ExecutionListener,
): () => void {
  const match = findEngine(languageName);
  if (!match) throw new Error(`Programs in ${languageName} can’t run here.`);
  const { engine, language } = match;
  const sandbox = openSandbox(document.body, {
    url: EXECUTION_FRAME_URL,
    title: 'Sandbox',
    className: null,
  });
  let timer = setTimeout(() => end('load-failed'), LOAD_TIMEOUT_MS);
  let ended = false;
  function end(outcome: ExecutionOutcome): void {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    sandbox.close();
    listener.onEnd(outcome);
  }

  const meter = createOutputMeter();
  sandbox.port.onmessage = ({ data }) => {
    const event = parseExecutionEvent(data);
    if (!event || ended) return;
    if (event.type === 'end') return end(event.outcome);
    if (event.type === 'output') {
      // Counted here as well: a program may tamper with the count in the sandbox.
      return meter.add(event.item) ? listener.onOutput(event.item) : end('output-limit');
    }
    clearTimeout(timer);
    timer = setTimeout(() => end('timeout'), EXECUTION_TIMEOUT_MS);
    listener.onStart();
  };
  Promise.all([loadEngine(engine), sandbox.loaded]).then(
    ([{ worker, files }]) => {
      const request: FrameRequest = { worker, request: { code, language, files } };
      sandbox.start(request, Object.values(files));
    },
    () => end('load-failed'),
  );
  return () => end('stopped');
}
