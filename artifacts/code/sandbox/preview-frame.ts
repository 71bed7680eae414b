/**
 * The iframe that renders a page, an image or a diagram: its origin is opaque, and its policy
 * blocks all requests. It renders one request, then replies to pings.
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
import { createPageListeners, restrictPage } from './preview-restrictions';

const sliceString = uncurryThis(String.prototype.slice);

type Mermaid = {
  initialize: (options: object) => void;
  render: (id: string, source: string) => Promise<{ svg: string }>;
};

/** Accepts only the first message of the app: other iframes may send messages, too. */
function receive({ data, ports, source }: MessageEvent<PreviewRequest>): void {
  const [port] = ports;
  if (source !== parent || !port) return;
  removeEventListener('message', receive);
  // Bound now: the rendered page may change every prototype.
  const post = port.postMessage.bind(port) as (event: PreviewEvent) => void;
  port.onmessage = () => post({ type: 'pong' });
  render(data, post).catch((error: unknown) => {
    const message = String(error instanceof Error ? error.message : error);
    post({ type: 'failed', message: simplifyErrorMessage(message) });
  });
}

addEventListener('message', receive);

async function render(request: PreviewRequest, post: (event: PreviewEvent) => void): Promise<void> {
  const reported: Partial<Record<BlockedFeature, true>> = Object.create(null);
  const reportBlocked = (feature: BlockedFeature) => {
    if (!reported[feature]) post({ type: 'blocked', feature });
    reported[feature] = true;
  };
  // Reports only the first error: later ones usually follow from it or repeat it.
  let errorReported = false;
  const reportError = (error: unknown) => {
    if (!errorReported)
      post({ type: 'error', message: sliceString(`${error}`, 0, MAX_MESSAGE_CHARS) });
    errorReported = true;
  };
  const addListeners = createPageListeners(window, reportBlocked, reportError, (report) =>
    post({ type: 'pointer', report }),
  );
  // Before Mermaid reads the diagram: a bug in Mermaid might run a script from the diagram.
  restrictPage(window, reportBlocked, addListeners);
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
