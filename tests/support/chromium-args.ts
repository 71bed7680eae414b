/** Chromium talks to nobody but the app: no updates, no metrics, no other host. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A name that is neither https nor localhost, as in a network without certificates.
  '--host-resolver-rules=MAP chat.test 127.0.0.1',
];

/** Chromium's sandbox does not work for root. */
export const CHROMIUM_ARGS = process.getuid?.() === 0 ? [...QUIET, '--no-sandbox'] : QUIET;
