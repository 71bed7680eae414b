/**
 * Removes frames from a page in a preview: each frame has its own global object, with everything
 * that is blocked in the page. No policy blocks frames with `srcdoc` or without a URL.
 */
import type { BlockedFeature } from '@/artifacts/code/preview/protocol';
import {
  createReplacer,
  defineReadOnly,
  deleteMethods,
  nativeGetter,
  uncurryThis,
} from './native-functions';

export type ReportBlocked = (feature: BlockedFeature) => void;

const FRAME_SELECTOR = 'iframe, frame, fencedframe';
const ELEMENT_NODE = 1;

/**
 * Removes every frame in a microtask after it was added, before its own scripts run. The script that
 * adds a frame can use its `contentWindow` until then: decision 11 lists that as a limit. Call this
 * before the page is written.
 * @param onOpened called after each `document.open()` and each write, which may open the document
 */
export function removeFrames(
  scope: Window & typeof globalThis,
  reportBlocked: ReportBlocked,
  onOpened: () => void,
): void {
  const nodeTypeOf = nativeGetter(scope.Node.prototype, 'nodeType');
  const addedNodesOf = nativeGetter(scope.MutationRecord.prototype, 'addedNodes');
  const matches = uncurryThis(scope.Element.prototype.matches);
  const framesIn = uncurryThis<Element, [string], NodeListOf<Element>>(
    scope.Element.prototype.querySelectorAll,
  );
  const remove = uncurryThis(scope.Element.prototype.remove);
  const removeFrame = (frame: Element) => {
    remove(frame);
    reportBlocked('frame');
  };
  const removeFramesIn = (node: Node) => {
    if (nodeTypeOf(node) !== ELEMENT_NODE) return;
    const element = node as Element;
    // Lists are read by index: the page may replace their length and iterators.
    const frames = framesIn(element, FRAME_SELECTOR);
    for (let frameIndex = 0; frames[frameIndex]; frameIndex++)
      removeFrame(frames[frameIndex] as Element);
    if (matches(element, FRAME_SELECTOR)) removeFrame(element);
  };
  const observer = new scope.MutationObserver((records) => {
    for (let recordIndex = 0; records[recordIndex]; recordIndex++) {
      const added = addedNodesOf(records[recordIndex] as MutationRecord);
      for (let index = 0; added[index]; index++) removeFramesIn(added[index] as Node);
    }
  });
  const observeNode = uncurryThis(observer.observe);
  const observe = (root: Node) => observeNode(observer, root, { childList: true, subtree: true });
  observe(scope.document);
  observeShadowRoots(scope, observe);
  sanitizeDocumentWrite(scope, onOpened);
}

/**
 * Observers do not see into shadow roots, so each root is observed separately. Also blocks what
 * creates shadow roots without `attachShadow`: cloning, and `setHTMLUnsafe` and `parseHTMLUnsafe`.
 */
function observeShadowRoots(
  scope: Window & typeof globalThis,
  observe: (root: Node) => void,
): void {
  const attachShadow = uncurryThis(scope.Element.prototype.attachShadow);
  defineReadOnly(
    scope.Element.prototype,
    'attachShadow',
    function observedAttachShadow(this: Element, init: ShadowRootInit) {
      const root = attachShadow(this, { ...init, clonable: false });
      observe(root);
      return root;
    },
  );
  const owners = [
    scope.Element,
    scope.ShadowRoot,
    scope.Document,
    scope.DocumentFragment,
    scope.Range,
  ];
  for (const owner of owners) {
    deleteMethods(owner, /HTMLUnsafe$/);
    deleteMethods(owner.prototype, /HTMLUnsafe$/);
  }
}

const replaceLinks = createReplacer(/<link\b[^>]*>/gi);
/** Hints that may make a browser resolve or connect to a host before it checks any policy. */
const replaceResourceHints = createReplacer(/\b(?:dns-prefetch|preconnect|prefetch|prerender)\b/gi);
const replaceShadowRootMode = createReplacer(/\bshadowrootmode\b/gi);
/**
 * The start of `shadowrootmode` at the end of the written HTML: the next write, or the markup after
 * the script, could complete it.
 */
const replacePartialShadowRootMode = createReplacer(
  /\bs(?:h(?:a(?:d(?:o(?:w(?:r(?:o(?:o(?:t(?:m(?:od?)?)?)?)?)?)?)?)?)?)?)?$/gi,
);

/** Disables markup that takes effect during parsing, before observers are notified. */
function sanitizeHtml(html: string): string {
  const links = replaceLinks(html, (tag) => replaceResourceHints(tag, 'x'));
  return replacePartialShadowRootMode(
    replaceShadowRootMode(links, 'data-shadowrootmode'),
    (end) => `${end} `,
  );
}

function sanitizeDocumentWrite(
  { Document }: Window & typeof globalThis,
  onOpened: () => void,
): void {
  const open = uncurryThis<Document, [], Document>(Document.prototype.open);
  defineReadOnly(Document.prototype, 'open', function observedOpen(this: Document) {
    open(this);
    onOpened();
    return this;
  });
  for (const name of ['write', 'writeln'] as const) {
    const write = uncurryThis<Document, [string], void>(Document.prototype[name]);
    defineReadOnly(
      Document.prototype,
      name,
      function sanitizedWrite(this: Document, ...texts: unknown[]) {
        let html = '';
        for (let index = 0; index < texts.length; index++) html += texts[index];
        write(this, sanitizeHtml(html));
        onOpened();
      },
    );
  }
}
