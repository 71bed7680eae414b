/** Chromium connects only to the app: no updates, no metrics, no other host. */
const ARGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Chromium isolates sandboxed iframes by default, its headless shell only with this option.
  '--site-per-process',
  // An origin that is neither https nor localhost, as in a network without certificates.
  '--host-resolver-rules=MAP chat.test 127.0.0.1',
];

/** Chromium's sandbox does not work for root. */
export const CHROMIUM_ARGS = process.getuid?.() === 0 ? [...ARGS, '--no-sandbox'] : ARGS;
