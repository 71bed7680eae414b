/** The app's side of an iframe that runs code of a document. */

type Sandbox = {
  frame: HTMLIFrameElement;
  port: MessagePort;
  /** Resolves when the iframe's own page has loaded. */
  loaded: Promise<unknown>;
  /** Sends the request and the other end of the port, which comes first in `ports`. */
  start: (request: unknown, transfer?: Transferable[]) => void;
  /** Removes the iframe, which always ends its code. */
  close: () => void;
};

/**
 * Appends an iframe with an opaque origin, which may run scripts.
 * @param permissions further permissions of the `sandbox` attribute
 * @param className null: the iframe is hidden
 */
export function openSandbox(
  container: HTMLElement,
  options: { url: string; title: string; permissions?: string[]; className: string | null },
): Sandbox {
  const frame = document.createElement('iframe');
  frame.sandbox.add('allow-scripts', ...(options.permissions ?? []));
  frame.title = options.title;
  frame.hidden = options.className === null;
  frame.className = options.className ?? '';
  frame.src = options.url;
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  container.append(frame);
  const { port1: port, port2 } = new MessageChannel();
  return {
    frame,
    port,
    loaded,
    start(request, transfer = []) {
      // The target must be '*': an opaque origin cannot be named.
      frame.contentWindow?.postMessage(request, '*', [port2, ...transfer]);
    },
    close() {
      port.close();
      frame.remove();
    },
  };
}

/**
 * Fetches a file that the sandbox needs.
 * @throws if the server cannot be reached or does not have it
 */
export async function fetchSandboxFile(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}
