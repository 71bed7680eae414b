/**
 * Frames are taken out of a page in a preview: each would have a world of its own, with all of what is
 * taken away from the page. No policy refuses frames of `srcdoc` or without an address.
 */
import type { Refusal } from '../preview/protocol';
import { define, deleteMethods, getterOf, replacer, uncurried } from './natives';

export type Refuse = (what: Refusal) => void;

const FRAMES = 'iframe, frame, fencedframe';
const ELEMENT_NODE = 1;

/**
 * Removes every frame in the task in which it appears, before anything in it runs. Call it before the
 * page is written.
 * @param onOpened called whenever the page has written, which may have opened its document anew
 */
export function leaveFramesOut(
  scope: Window & typeof globalThis,
  refuse: Refuse,
  onOpened: () => void,
): void {
  const nodeTypeOf = getterOf(scope.Node.prototype, 'nodeType');
  const addedNodesOf = getterOf(scope.MutationRecord.prototype, 'addedNodes');
  const matches = uncurried(scope.Element.prototype.matches);
  const framesIn = uncurried<Element, [string], NodeListOf<Element>>(
    scope.Element.prototype.querySelectorAll,
  );
  const remove = uncurried(scope.Element.prototype.remove);
  const drop = (frame: Element) => {
    remove(frame);
    refuse('frame');
  };
  const leaveOut = (node: Node) => {
    if (nodeTypeOf(node) !== ELEMENT_NODE) return;
    const element = node as Element;
    // Lists are read by index: their length and their iterators belong to the page.
    const frames = framesIn(element, FRAMES);
    for (let at = 0; frames[at]; at++) drop(frames[at] as Element);
    if (matches(element, FRAMES)) drop(element);
  };
  const observer = new scope.MutationObserver((records) => {
    for (let at = 0; records[at]; at++) {
      const added = addedNodesOf(records[at] as MutationRecord);
      for (let index = 0; added[index]; index++) leaveOut(added[index] as Node);
    }
  });
  const observeNode = uncurried(observer.observe);
  const observe = (root: Node) => observeNode(observer, root, { childList: true, subtree: true });
  observe(scope.document);
  observeShadows(scope, observe);
  cleanWrites(scope, onOpened);
}

/** What is in a shadow is seen only from within. */
function observeShadows(scope: Window & typeof globalThis, observe: (root: Node) => void): void {
  const attachShadow = uncurried(scope.Element.prototype.attachShadow);
  define(
    scope.Element.prototype,
    'attachShadow',
    function observed(this: Element, init: ShadowRootInit) {
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

const replaceLinks = replacer(/<link\b[^>]*>/gi);
/** Hints by which a browser may look up or connect to a host before any policy is asked. */
const replaceHints = replacer(/\b(?:dns-prefetch|preconnect|prefetch|prerender)\b/gi);
const replaceShadows = replacer(/\bshadowrootmode\b/gi);
/** The beginning of that name at the end of a text: its rest could be what stands behind the script. */
const replaceOpenEnd = replacer(
  /\bs(?:h(?:a(?:d(?:o(?:w(?:r(?:o(?:o(?:t(?:m(?:od?)?)?)?)?)?)?)?)?)?)?)?$/gi,
);

/** HTML without what is acted upon while it is parsed, before any observer is told. */
function withoutHints(html: string): string {
  const links = replaceLinks(html, (tag) => replaceHints(tag, 'x'));
  return replaceOpenEnd(replaceShadows(links, 'data-shadowrootmode'), (end) => `${end} `);
}

function cleanWrites({ Document }: Window & typeof globalThis, onOpened: () => void): void {
  const open = uncurried<Document, [], Document>(Document.prototype.open);
  define(Document.prototype, 'open', function opened(this: Document) {
    open(this);
    onOpened();
    return this;
  });
  for (const name of ['write', 'writeln'] as const) {
    const write = uncurried<Document, [string], void>(Document.prototype[name]);
    define(Document.prototype, name, function written(this: Document, ...texts: unknown[]) {
      let html = '';
      for (let at = 0; at < texts.length; at++) html += texts[at];
      write(this, withoutHints(html));
      onOpened();
    });
  }
}
