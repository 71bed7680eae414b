/** The page's end of a run: makes the sandbox, listens to it, and takes it away. */
import { EXECUTION_FRAME_URL, findEngine, loadEngine } from '@/artifacts/code/execution/engines';
import { createOutputMeter } from '@/artifacts/code/execution/output-meter';
import {
  EXECUTION_TIMEOUT_MS,
  type OutputItem,
  parseExecutionEvent,
} from '@/artifacts/code/execution/protocol';
import type { FrameRequest } from '@/artifacts/code/sandbox/frame';

/** Python is 13 MB, and must be compiled. */
const LOAD_TIMEOUT_MS = 120_000;

export type ExecutionOutcome = 'done' | 'failed' | 'flooded' | 'stopped' | 'timeout' | 'unloaded';

export type ExecutionListener = {
  /** The engine is there, and the program begins. */
  onStart: () => void;
  onOutput: (item: OutputItem) => void;
  /** The last call. */
  onEnd: (outcome: ExecutionOutcome) => void;
};

/**
 * Runs a program in a frame of its own, which has no origin, no network and no page: whatever the
 * program does, removing the frame ends it.
 * @param languageName of a language that engineOf knows
 * @returns stops the run
 */
export function executeProgram(
  code: string,
  languageName: string,
  listener: ExecutionListener,
): () => void {
  const match = findEngine(languageName);
  if (!match) throw new Error(`Nothing runs ${languageName} here.`);
  const { engine, language } = match;
  const frame = document.createElement('iframe');
  frame.sandbox.add('allow-scripts');
  frame.title = 'Sandbox';
  frame.hidden = true;
  frame.src = EXECUTION_FRAME_URL;
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  document.body.append(frame);

  const { port1, port2 } = new MessageChannel();
  let timer = setTimeout(() => end('unloaded'), LOAD_TIMEOUT_MS);
  let ended = false;
  function end(outcome: ExecutionOutcome): void {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    port1.close();
    frame.remove();
    listener.onEnd(outcome);
  }

  const meter = createOutputMeter();
  port1.onmessage = ({ data }) => {
    const event = parseExecutionEvent(data);
    if (!event || ended) return;
    if (event.type === 'end') return end(event.outcome);
    if (event.type === 'output') {
      // Counted here as well: a program may change what the sandbox counts by.
      return meter.add(event.item) ? listener.onOutput(event.item) : end('flooded');
    }
    clearTimeout(timer);
    timer = setTimeout(() => end('timeout'), EXECUTION_TIMEOUT_MS);
    listener.onStart();
  };
  Promise.all([loadEngine(engine), loaded]).then(
    ([{ worker, files }]) => {
      const request: FrameRequest = { worker, request: { code, language, files } };
      // The frame's origin has no name that could be given here.
      frame.contentWindow?.postMessage(request, '*', [port2, ...Object.values(files)]);
    },
    () => end('unloaded'),
  );
  return () => end('stopped');
}
