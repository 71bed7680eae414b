/**
 * Restrictions for pages in a preview. The policy of the iframe enforces most of them: this code
 * reports the reason, prevents errors that would end a page, and blocks what no policy covers.
 */
import type { PointerReport } from '@/artifacts/code/preview/protocol';
import { preventHistoryEntries } from './history-guard';
import { defineReadOnly, nativeGetter, uncurryThis } from './native-functions';
import { type ReportBlocked, removeFrames } from './remove-frames';

/** Only the header `Connection-Allowlist` covers these connections, and few browsers support it. */
const WEBRTC_APIS = [
  'RTCPeerConnection',
  'webkitRTCPeerConnection',
  'mozRTCPeerConnection',
  'RTCDataChannel',
];
/** Functions that open something outside the iframe, and the results they return instead. */
const DIALOG_RESULTS = {
  alert: undefined,
  confirm: false,
  prompt: null,
  print: undefined,
  open: null,
};

/** The interval between reports of pointer movements. */
const REPORT_INTERVAL_MS = 200;

/**
 * Call it before the page is written to the document.
 * @param addListeners called after each `document.open()`, which removes all listeners
 */
export function restrictPage(
  scope: Window & typeof globalThis,
  reportBlocked: ReportBlocked,
  addListeners: () => void,
): void {
  for (const name of WEBRTC_APIS) defineReadOnly(scope, name, undefined);
  for (const [name, result] of Object.entries(DIALOG_RESULTS)) {
    defineReadOnly(scope, name, () => {
      reportBlocked('dialog');
      return result;
    });
  }
  installMemoryStorage(scope, reportBlocked);
  blockDetachedLinks(scope, reportBlocked);
  removeFrames(scope, reportBlocked, addListeners);
  preventHistoryEntries(scope);
}

/**
 * Creates the listeners that report blocked actions, errors and pointer input.
 * @returns adds the listeners; call it after `document.open()`, which removes all listeners. Repeated
 *   calls do not add a listener twice.
 */
export function createPageListeners(
  scope: Window & typeof globalThis,
  reportBlocked: ReportBlocked,
  reportError: (error: unknown) => void,
  reportPointer: (report: PointerReport) => void,
): () => void {
  const listen = uncurryThis(
    scope.EventTarget.prototype.addEventListener as (
      this: EventTarget,
      type: string,
      listener: (event: never) => void,
      capture?: boolean,
    ) => void,
  );
  const onViolation = ({ effectiveDirective }: SecurityPolicyViolationEvent) => {
    const features = { 'form-action': 'form', 'frame-src': 'frame' } as const;
    reportBlocked(features[effectiveDirective as keyof typeof features] ?? 'network');
  };
  const onClick = (event: Event) => {
    const link = event.defaultPrevented ? undefined : clickedLink(event);
    const href = link && hrefOf(link);
    if (href === undefined || /^javascript:/i.test(href)) return;
    event.preventDefault();
    // Fragments replace the URL, so that they add no entry to the tab's history.
    if (href.startsWith('#')) scope.location.replace(href);
    else reportBlocked(blockedFeatureOf(link as Element));
  };
  const onSubmit = (event: Event) => {
    if (event.defaultPrevented || closesDialog(event as SubmitEvent)) return;
    event.preventDefault();
    reportBlocked('form');
  };
  const onError = ({ message }: ErrorEvent) => reportError(message);
  const onRejection = ({ reason }: PromiseRejectionEvent) => {
    if (reason?.name === 'NotAllowedError') reportBlocked('permission');
    else reportError(reason);
  };
  let reportedAt = Number.NEGATIVE_INFINITY;
  const onMove = ({ isTrusted, timeStamp }: Event) => {
    if (!isTrusted || timeStamp - reportedAt < REPORT_INTERVAL_MS) return;
    reportedAt = timeStamp;
    reportPointer('moved');
  };
  const onPress = ({ isTrusted }: Event) => {
    if (isTrusted) reportPointer('pressed');
  };
  return () => {
    listen(scope.document, 'securitypolicyviolation', onViolation);
    listen(scope, 'click', onClick);
    listen(scope, 'auxclick', onClick);
    listen(scope, 'submit', onSubmit);
    listen(scope, 'error', onError);
    listen(scope, 'unhandledrejection', onRejection);
    listen(scope, 'pointermove', onMove, true);
    listen(scope, 'pointerdown', onMove, true);
    // A page can suppress `mousedown`. A touch that scrolls fires neither event.
    listen(scope, 'mousedown', onPress, true);
    listen(scope, 'pointerup', onPress, true);
  };
}

/** Whether the form only closes its dialog and submits nothing. */
function closesDialog({ target, submitter }: SubmitEvent): boolean {
  const form = target as HTMLFormElement;
  const method = submitter?.getAttribute('formmethod') ?? form.getAttribute('method');
  return method?.toLowerCase() === 'dialog';
}

function clickedLink(event: Event): Element | undefined {
  const isLink = (node: EventTarget) => (node as Element).matches?.('a, area');
  return event.composedPath().find(isLink) as Element | undefined;
}

function hrefOf(link: Element): string | undefined {
  return (link.getAttribute('href') ?? link.getAttribute('xlink:href'))?.trim();
}

function blockedFeatureOf(link: Element): 'download' | 'link' {
  return link.hasAttribute('download') ? 'download' : 'link';
}

/** Blocks clicks by script on links outside the document: no listener sees these clicks. */
function blockDetachedLinks(
  { HTMLElement, Node }: typeof globalThis,
  reportBlocked: ReportBlocked,
): void {
  const isConnected = nativeGetter(Node.prototype, 'isConnected');
  const click = uncurryThis(HTMLElement.prototype.click);
  defineReadOnly(HTMLElement.prototype, 'click', function restrictedClick(this: HTMLElement) {
    if (isConnected(this) || !this.matches('a[href]')) click(this);
    else reportBlocked(blockedFeatureOf(this));
  });
}

function installMemoryStorage(
  scope: Window & typeof globalThis,
  reportBlocked: ReportBlocked,
): void {
  for (const name of ['localStorage', 'sessionStorage']) {
    const storage = createMemoryStorage();
    defineGetter(scope, name, () => {
      reportBlocked('storage');
      return storage;
    });
  }
  const cookies = new Map<string, string>();
  Object.defineProperty(scope.document, 'cookie', {
    configurable: true,
    get() {
      reportBlocked('storage');
      return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    },
    set(cookie: unknown) {
      reportBlocked('storage');
      const [name = '', value = ''] = String(cookie).split(';', 1).join('').split(/=(.*)/s);
      cookies.set(name.trim(), value.trim());
    },
  });
  const { open } = scope.IDBFactory.prototype;
  defineReadOnly(
    scope.IDBFactory.prototype,
    'open',
    function openDatabase(this: IDBFactory, ...args: [string]) {
      reportBlocked('storage');
      // The native function throws an error with the reason.
      return open.apply(this, args);
    },
  );
}

/** Implements the part of `Storage` that pages use. */
function createMemoryStorage(): object {
  const methods = {
    getItem(this: Record<string, string>, name: string) {
      return Object.hasOwn(this, name) ? this[name] : null;
    },
    setItem(this: Record<string, string>, name: string, value: unknown) {
      this[name] = String(value);
    },
    removeItem(this: Record<string, string>, name: string) {
      delete this[name];
    },
    clear(this: Record<string, string>) {
      for (const name of Object.keys(this)) delete this[name];
    },
    key(this: Record<string, string>, index: number) {
      return Object.keys(this)[index] ?? null;
    },
  };
  defineGetter(methods, 'length', function length(this: object) {
    return Object.keys(this).length;
  });
  return Object.create(methods);
}

function defineGetter(owner: object, name: string, get: () => unknown): void {
  Object.defineProperty(owner, name, { get, configurable: true });
}
