/**
 * What a page in a preview cannot have. The policy of the frame is what holds for most of it: this says
 * why, keeps pages alive that would end with an error, and closes what no policy covers.
 */
import type { PointerReport } from '@/artifacts/code/preview/protocol';
import { preventHistoryEntries } from './history-guard';
import { defineReadOnly, nativeGetter, uncurryThis } from './native-functions';
import { type ReportBlocked, removeFrames } from './remove-frames';

/** Connections that no policy covers; the header `Connection-Allowlist` does, where browsers know it. */
const WEBRTC_APIS = [
  'RTCPeerConnection',
  'webkitRTCPeerConnection',
  'mozRTCPeerConnection',
  'RTCDataChannel',
];
/** What opens something outside of the frame, and what it answers instead. */
const DIALOG_RESULTS = {
  alert: undefined,
  confirm: false,
  prompt: null,
  print: undefined,
  open: null,
};

/** Movements of the pointer are reported so often. */
const REPORT_EVERY_MS = 200;

/**
 * Call it before the page is written.
 * @param reportBlockedActions called whenever a document was opened, which forgets all listeners
 */
export function restrictPage(
  scope: Window & typeof globalThis,
  reportBlocked: ReportBlocked,
  reportBlockedActions: () => void,
): void {
  for (const name of WEBRTC_APIS) defineReadOnly(scope, name, undefined);
  for (const [name, answer] of Object.entries(DIALOG_RESULTS)) {
    defineReadOnly(scope, name, () => {
      reportBlocked('dialog');
      return answer;
    });
  }
  installMemoryStorage(scope, reportBlocked);
  refuseDetachedLinks(scope, reportBlocked);
  removeFrames(scope, reportBlocked, reportBlockedActions);
  preventHistoryEntries(scope);
}

/**
 * Reports what the page asks for in vain, its errors, and the user's pointer.
 * @returns adds the listeners; a listener that is there already is not added again
 */
export function watchPage(
  scope: Window & typeof globalThis,
  refuse: ReportBlocked,
  fail: (error: unknown) => void,
  onPointer: (report: PointerReport) => void,
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
    const what = { 'form-action': 'form', 'frame-src': 'frame' } as const;
    refuse(what[effectiveDirective as keyof typeof what] ?? 'network');
  };
  const onClick = (event: Event) => {
    const link = event.defaultPrevented ? undefined : linkOf(event);
    const address = link && addressOf(link);
    if (address === undefined || /^javascript:/i.test(address)) return;
    event.preventDefault();
    // A place in the page itself: without an entry in the history of the tab.
    if (address.startsWith('#')) scope.location.replace(address);
    else refuse(refusalOf(link as Element));
  };
  const onSubmit = (event: Event) => {
    if (event.defaultPrevented || closesDialog(event as SubmitEvent)) return;
    event.preventDefault();
    refuse('form');
  };
  const onError = ({ message }: ErrorEvent) => fail(message);
  const onRejection = ({ reason }: PromiseRejectionEvent) => {
    if (reason?.name === 'NotAllowedError') refuse('permission');
    else fail(reason);
  };
  let reportedAt = Number.NEGATIVE_INFINITY;
  const onMove = ({ isTrusted, timeStamp }: Event) => {
    if (!isTrusted || timeStamp - reportedAt < REPORT_EVERY_MS) return;
    reportedAt = timeStamp;
    onPointer('near');
  };
  const onPress = ({ isTrusted }: Event) => {
    if (isTrusted) onPointer('pressed');
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
    // A page can prevent the first; a touch that scrolls ends in neither.
    listen(scope, 'mousedown', onPress, true);
    listen(scope, 'pointerup', onPress, true);
  };
}

/** Whether the form is sent nowhere: it closes the dialog that it is in. */
function closesDialog({ target, submitter }: SubmitEvent): boolean {
  const form = target as HTMLFormElement;
  const method = submitter?.getAttribute('formmethod') ?? form.getAttribute('method');
  return method?.toLowerCase() === 'dialog';
}

/** The link that was clicked, if any. */
function linkOf(event: Event): Element | undefined {
  const isLink = (node: EventTarget) => (node as Element).matches?.('a, area');
  return event.composedPath().find(isLink) as Element | undefined;
}

function addressOf(link: Element): string | undefined {
  return (link.getAttribute('href') ?? link.getAttribute('xlink:href'))?.trim();
}

function refusalOf(link: Element): 'download' | 'link' {
  return link.hasAttribute('download') ? 'download' : 'link';
}

/** A link that a script makes and clicks without adding it to the page: no listener sees that. */
function refuseDetachedLinks(
  { HTMLElement, Node }: typeof globalThis,
  refuse: ReportBlocked,
): void {
  const isConnected = nativeGetter(Node.prototype, 'isConnected');
  const click = uncurryThis(HTMLElement.prototype.click);
  defineReadOnly(HTMLElement.prototype, 'click', function clicked(this: HTMLElement) {
    if (isConnected(this) || !this.matches('a[href]')) click(this);
    else refuse(refusalOf(this));
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
    function refused(this: IDBFactory, ...given: [string]) {
      reportBlocked('storage');
      // It throws: the page hears why.
      return open.apply(this, given);
    },
  );
}

/** As much of the interface as pages use. */
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
