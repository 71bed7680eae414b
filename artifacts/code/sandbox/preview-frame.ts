/**
 * The frame that a page, a picture or a diagram is shown in: its origin is nobody's, and its policy
 * lets nothing be loaded. Told once what to show, it answers calls for as long as it is alive.
 */
import {
  MAX_DIAGRAM_CHARS,
  MAX_MESSAGE_CHARS,
  type PreviewEvent,
  type PreviewRequest,
  plainFailure,
  type Refusal,
} from '../preview/protocol';
import { uncurried } from './natives';
import { takeAway, watchPage } from './preview-limits';

const start = uncurried(String.prototype.slice);

type Mermaid = {
  initialize: (options: object) => void;
  render: (id: string, source: string) => Promise<{ svg: string }>;
};

/** Other frames of the app may send messages, too: the first one from the app itself counts. */
function receive({ data, ports, source }: MessageEvent<PreviewRequest>): void {
  const [port] = ports;
  if (source !== parent || !port) return;
  removeEventListener('message', receive);
  // Bound now: what is shown may change every prototype.
  const tell = port.postMessage.bind(port) as (event: PreviewEvent) => void;
  port.onmessage = () => tell({ type: 'alive' });
  show(data, tell).catch((error: unknown) => {
    const message = String(error instanceof Error ? error.message : error);
    tell({ type: 'failed', message: plainFailure(message) });
  });
}

addEventListener('message', receive);

async function show(request: PreviewRequest, tell: (event: PreviewEvent) => void): Promise<void> {
  const refused: Partial<Record<Refusal, true>> = Object.create(null);
  const refuse = (what: Refusal) => {
    if (!refused[what]) tell({ type: 'blocked', what });
    refused[what] = true;
  };
  // Only the first error: the others follow from it, or repeat it.
  let failed = false;
  const fail = (error: unknown) => {
    if (!failed) tell({ type: 'error', message: start(`${error}`, 0, MAX_MESSAGE_CHARS) });
    failed = true;
  };
  const watch = watchPage(window, refuse, fail, (report) => tell({ type: 'pointer', report }));
  // Before Mermaid reads the diagram: a mistake of it would run what the diagram says.
  takeAway(window, refuse, watch);
  const html =
    request.kind === 'mermaid'
      ? centred(await draw(request), request.dark)
      : request.kind === 'svg'
        ? centred(request.code, false)
        : request.code;
  document.open();
  document.write(html);
  document.close();
  tell({ type: 'shown' });
}

async function draw({ code, dark, script }: PreviewRequest): Promise<string> {
  const element = document.createElement('script');
  element.textContent = script;
  document.head.append(element);
  const { mermaid } = globalThis as unknown as { mermaid: Mermaid };
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    maxTextSize: MAX_DIAGRAM_CHARS,
    theme: dark ? 'dark' : 'default',
    fontFamily: 'system-ui, sans-serif',
  });
  return (await mermaid.render('diagram', code)).svg;
}

function centred(svg: string, dark: boolean): string {
  return `<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="${dark ? 'dark' : 'light'}">
<style>html,body{height:100%;margin:0}body{display:grid;place-items:safe center;padding:16px;box-sizing:border-box}svg{max-width:100%;height:auto}</style>
${svg}`;
}
