/**
 * The frame that a page, a picture or a diagram is shown in: its origin is nobody's, and its policy
 * lets nothing be loaded. Told once what to show, it answers calls for as long as it is alive.
 */
import {
  type BlockedFeature,
  MAX_DIAGRAM_CHARS,
  MAX_MESSAGE_CHARS,
  type PreviewEvent,
  type PreviewRequest,
  simplifyErrorMessage,
} from '@/artifacts/code/preview/protocol';
import { uncurryThis } from './native-functions';
import { restrictPage, watchPage } from './preview-restrictions';

const sliceString = uncurryThis(String.prototype.slice);

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
  const post = port.postMessage.bind(port) as (event: PreviewEvent) => void;
  port.onmessage = () => post({ type: 'alive' });
  render(data, post).catch((error: unknown) => {
    const message = String(error instanceof Error ? error.message : error);
    post({ type: 'failed', message: simplifyErrorMessage(message) });
  });
}

addEventListener('message', receive);

async function render(request: PreviewRequest, post: (event: PreviewEvent) => void): Promise<void> {
  const reported: Partial<Record<BlockedFeature, true>> = Object.create(null);
  const reportBlocked = (what: BlockedFeature) => {
    if (!reported[what]) post({ type: 'blocked', feature: what });
    reported[what] = true;
  };
  // Only the first error: the others follow from it, or repeat it.
  let errorReported = false;
  const reportError = (error: unknown) => {
    if (!errorReported)
      post({ type: 'error', message: sliceString(`${error}`, 0, MAX_MESSAGE_CHARS) });
    errorReported = true;
  };
  const watch = watchPage(window, reportBlocked, reportError, (report) =>
    post({ type: 'pointer', report }),
  );
  // Before Mermaid reads the diagram: a mistake of it would run what the diagram says.
  restrictPage(window, reportBlocked, watch);
  const html =
    request.kind === 'mermaid'
      ? centeredHtml(await renderMermaid(request), request.dark)
      : request.kind === 'svg'
        ? centeredHtml(request.code, false)
        : request.code;
  document.open();
  document.write(html);
  document.close();
  post({ type: 'shown' });
}

async function renderMermaid({ code, dark, script }: PreviewRequest): Promise<string> {
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

function centeredHtml(svg: string, dark: boolean): string {
  return `<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="${dark ? 'dark' : 'light'}">
<style>html,body{height:100%;margin:0}body{display:grid;place-items:safe center;padding:16px;box-sizing:border-box}svg{max-width:100%;height:auto}</style>
${svg}`;
}
