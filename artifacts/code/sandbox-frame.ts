/** Creates the sandboxed iframe that runs a document's code, and the port to it. */

type Sandbox = {
  frame: HTMLIFrameElement;
  port: MessagePort;
  /** Resolves on the first `load` event of the iframe. */
  loaded: Promise<unknown>;
  /** Posts the request and transfers the other port, which arrives as `event.ports[0]`. */
  start: (request: unknown, transfer?: Transferable[]) => void;
  /** Removes the iframe, which terminates its scripts and workers. */
  close: () => void;
};

/**
 * Appends an iframe with an opaque origin, which may run scripts.
 * @param sandboxTokens values of the `sandbox` attribute besides allow-scripts
 * @param className null hides the iframe
 */
export function openSandbox(
  container: HTMLElement,
  options: { url: string; title: string; sandboxTokens?: string[]; className: string | null },
): Sandbox {
  const frame = document.createElement('iframe');
  frame.sandbox.add('allow-scripts', ...(options.sandboxTokens ?? []));
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
 * @throws on a network error or an HTTP error status
 */
export async function fetchSandboxFile(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}
