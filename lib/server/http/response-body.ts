/** Bodies of responses that are whole in memory until they are read. */
import { type Holder, pageBudget, responseBodyBudget } from '@/lib/server/limits/byte-budget';

/**
 * A connection on which nothing moves for so long is closed (lib/server/http/prepare-requests): its reader reads
 * nothing. What is silent by its nature (answers, events) sends signs of life more often. Node may take the
 * beginning of the silence for movement, and waits that long once more.
 */
export const CONNECTION_IDLE_TIMEOUT_MS = 120_000;

/** Who is given a response. */
export type Recipient = {
  /** Null: nobody in particular. */
  userId: string | null;
  address: string;
  /** Aborted when it has left; whoever waited long may be gone before there is anything to read. */
  signal?: AbortSignal;
};

/** Bytes that wait to be read, at most; one response may have more. */
const MAX_UNREAD_BYTES = { user: 64_000_000, address: 128_000_000 };
/** Below it nothing is counted: connections hold as much by themselves. */
const LARGE_BODY_BYTES = 65_536;
const CHUNK_BYTES = 262_144;
/** A reader takes a piece in this time, or is given no more. */
const READ_STALL_TIMEOUT_MS = 30_000;

/**
 * The text as a body. A large one is handed out in pieces as the reader takes them, and counted until
 * it has taken the last one; the body of a reader that takes nothing for 30 s ends in an error.
 * @throws AppError too_much_unread where too much waits to be read already
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
 * Whether a page may hold so many bytes beside its markup. Nobody tells when a page is read, so they
 * count for as long as a connection may stall.
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
    // Whoever reads nothing may keep the stream for long.
    remaining = new Uint8Array();
    release();
  };
  signal?.addEventListener('abort', finish);
  const startStallTimer = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      finish();
      // By this name Next knows that the reader is to blame.
      controller.error(new DOMException('The reader took nothing for too long', 'AbortError'));
    }, READ_STALL_TIMEOUT_MS);
    timer.unref();
  };
  return new ReadableStream<Uint8Array>(
    {
      start: startStallTimer,
      pull(controller) {
        // A copy: a part would keep the whole.
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
