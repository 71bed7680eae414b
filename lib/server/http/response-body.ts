/** Response bodies that are held in memory until the client has read them. */
import { type Holder, pageBudget, responseBodyBudget } from '@/lib/server/limits/byte-budget';

/**
 * An idle connection is closed after this time (lib/server/http/prepare-requests): its client does
 * not read. Streams that are idle by nature (answers, events) send keep-alives more often. Node may
 * count the start of the idle period as activity and then waits up to twice as long.
 */
export const CONNECTION_IDLE_TIMEOUT_MS = 120_000;

/** The user or client that receives a response. */
export type Recipient = {
  /** Null if the request is not authenticated. */
  userId: string | null;
  address: string;
  /** Aborted when the client disconnects, which may happen before the body is ready. */
  signal?: AbortSignal;
};

/** Maximum unread bytes per user and per address; a single response may exceed it. */
const MAX_UNREAD_BYTES = { user: 64_000_000, address: 128_000_000 };
/** Smaller bodies are not counted: the connections buffer as much anyway. */
const LARGE_BODY_BYTES = 65_536;
const CHUNK_BYTES = 262_144;
/** The body fails if the client reads no chunk within this time. */
const READ_STALL_TIMEOUT_MS = 30_000;

/**
 * Returns the text as a response body. A large body is streamed in chunks as the client reads, and
 * counts against the recipient's budget until the last chunk is read. The stream fails if the
 * client reads nothing for 30 s.
 * @throws AppError too_many_unread_responses if the budget is exceeded
 */
export function responseBody(
  text: string,
  recipient: Recipient,
  { budget = responseBodyBudget() } = {},
): Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
  if (bytes.length < LARGE_BODY_BYTES) return bytes;
  if (recipient.signal?.aborted) return new Uint8Array();
  return chunkedBody(
    bytes,
    budget.acquire(budgetHolders(recipient), bytes.length),
    recipient.signal,
  );
}

/**
 * Whether a page may inline this many bytes of data besides its markup. Next does not report when a
 * page has been read, so the bytes count against the budget for as long as a connection may stall.
 */
export function fitsInPage(bytes: number, recipient: Recipient, budget = pageBudget()): boolean {
  if (bytes < LARGE_BODY_BYTES) return true;
  try {
    setTimeout(
      budget.acquire(budgetHolders(recipient), bytes),
      2 * CONNECTION_IDLE_TIMEOUT_MS,
    ).unref();
    return true;
  } catch {
    return false;
  }
}

function budgetHolders({ userId, address }: Recipient): Holder[] {
  const network = { name: `address ${address}`, maxBytes: MAX_UNREAD_BYTES.address };
  if (userId === null) return [network];
  return [network, { name: `user ${userId}`, maxBytes: MAX_UNREAD_BYTES.user }];
}

function chunkedBody(bytes: Uint8Array, release: () => void, signal: AbortSignal | undefined) {
  let remaining = bytes;
  let timer: NodeJS.Timeout | undefined;
  const finish = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', finish);
    // A stalled client may keep the stream for long: release the memory.
    remaining = new Uint8Array();
    release();
  };
  signal?.addEventListener('abort', finish);
  const startStallTimer = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      finish();
      // Next treats an AbortError as the client's fault and does not log it.
      controller.error(new DOMException('The client read nothing for too long', 'AbortError'));
    }, READ_STALL_TIMEOUT_MS);
    timer.unref();
  };
  return new ReadableStream<Uint8Array>(
    {
      start: startStallTimer,
      pull(controller) {
        // A copy: a view would keep the whole buffer in memory.
        controller.enqueue(remaining.slice(0, CHUNK_BYTES));
        remaining = remaining.subarray(CHUNK_BYTES);
        if (remaining.length > 0) return startStallTimer(controller);
        finish();
        controller.close();
      },
      cancel: finish,
    },
    { highWaterMark: 0 },
  );
}
