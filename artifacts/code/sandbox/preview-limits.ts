/**
 * What a page in a preview cannot have. The policy of the frame is what holds for most of it: this says
 * why, keeps pages alive that would end with an error, and closes what no policy covers.
 */
import { define } from './natives';
import { keepHistory } from './navigation';
import { leaveFramesOut, type Refuse } from './no-frames';

/** Connections that no policy covers; the header `Connection-Allowlist` does, where browsers know it. */
const REALTIME = [
  'RTCPeerConnection',
  'webkitRTCPeerConnection',
  'mozRTCPeerConnection',
  'RTCDataChannel',
];
/** What opens something outside of the frame, and what it answers instead. */
const DIALOGS = { alert: undefined, confirm: false, prompt: null, print: undefined, open: null };

/** Call it before the page is written. */
export function takeAway(scope: Window & typeof globalThis, refuse: Refuse): void {
  for (const name of REALTIME) define(scope, name, undefined);
  for (const [name, answer] of Object.entries(DIALOGS)) {
    define(scope, name, () => {
      refuse('dialog');
      return answer;
    });
  }
  storeInMemory(scope, refuse);
  leaveFramesOut(scope, refuse);
  keepHistory(scope);
}

/** Call it when the page begins to be written, which forgets all listeners. */
export function watch(scope: Window & typeof globalThis, refuse: Refuse): void {
  scope.document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
    const what = { 'form-action': 'form', 'frame-src': 'frame' } as const;
    refuse(what[effectiveDirective as keyof typeof what] ?? 'network');
  });
  const onClick = (event: Event) => {
    if (event.defaultPrevented || !leadsAway(event)) return;
    event.preventDefault();
    refuse('link');
  };
  scope.addEventListener('click', onClick);
  scope.addEventListener('auxclick', onClick);
  scope.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    refuse('form');
  });
}

/** Whether the click is on a link to somewhere else than a place in the page itself. */
function leadsAway(event: Event): boolean {
  const link = event.composedPath().find((node) => (node as Element).matches?.('a, area'));
  const href = (link as Element | undefined)?.getAttribute('href')?.trim();
  return href !== undefined && !href.startsWith('#') && !/^javascript:/i.test(href);
}

function storeInMemory(scope: Window & typeof globalThis, refuse: Refuse): void {
  for (const name of ['localStorage', 'sessionStorage']) {
    const storage = createStorage();
    defineGetter(scope, name, () => {
      refuse('storage');
      return storage;
    });
  }
  const cookies = new Map<string, string>();
  Object.defineProperty(scope.document, 'cookie', {
    configurable: true,
    get() {
      refuse('storage');
      return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    },
    set(cookie: unknown) {
      refuse('storage');
      const [name = '', value = ''] = String(cookie).split(';', 1).join('').split(/=(.*)/s);
      cookies.set(name.trim(), value.trim());
    },
  });
  const { open } = scope.IDBFactory.prototype;
  define(
    scope.IDBFactory.prototype,
    'open',
    function refused(this: IDBFactory, ...given: [string]) {
      refuse('storage');
      // It throws: the page hears why.
      return open.apply(this, given);
    },
  );
}

/** As much of the interface as pages use. */
function createStorage(): object {
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
