/** Bodies of responses that are whole in memory until they are read. */
import { type Holder, pageBudget, responseBudget } from '@/lib/byte-budget';

/**
 * A connection on which nothing moves for so long is closed (lib/http/prepare-requests): its reader reads
 * nothing. What is silent by its nature (answers, events) sends signs of life more often. Node may take the
 * beginning of the silence for movement, and waits that long once more.
 */
export const STALLED_CONNECTION_MS = 120_000;

/** Who is given a response. */
export type Reader = {
  /** Null: nobody in particular. */
  userId: string | null;
  address: string;
  /** Aborted when it has left; whoever waited long may be gone before there is anything to read. */
  signal?: AbortSignal;
};

/** Bytes that wait to be read, at most; one response may have more. */
const MAX_UNREAD_BYTES = { user: 64_000_000, address: 128_000_000 };
/** Below it nothing is counted: connections hold as much by themselves. */
const LARGE_BYTES = 65_536;
const PIECE_BYTES = 262_144;
/** A reader takes a piece in this time, or is given no more. */
const STALL_TIMEOUT_MS = 30_000;

/**
 * The text as a body. A large one is handed out in pieces as the reader takes them, and counted until
 * it has taken the last one; the body of a reader that takes nothing for 30 s ends in an error.
 * @throws AppError too_much_unread where too much waits to be read already
 */
export function bodyOf(
  text: string,
  reader: Reader,
  { budget = responseBudget() } = {},
): Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
  if (bytes.length < LARGE_BYTES) return bytes;
  if (reader.signal?.aborted) return new Uint8Array();
  return inPieces(bytes, budget.take(holders(reader), bytes.length), reader.signal);
}

/**
 * Whether a page may hold so many bytes beside its markup. Nobody tells when a page is read, so they
 * count for as long as a connection may stall.
 */
export function mayBeInPage(bytes: number, reader: Reader, budget = pageBudget()): boolean {
  if (bytes < LARGE_BYTES) return true;
  try {
    setTimeout(budget.take(holders(reader), bytes), 2 * STALLED_CONNECTION_MS).unref();
    return true;
  } catch {
    return false;
  }
}

function holders({ userId, address }: Reader): Holder[] {
  const network = { name: `address ${address}`, maxBytes: MAX_UNREAD_BYTES.address };
  if (userId === null) return [network];
  return [network, { name: `user ${userId}`, maxBytes: MAX_UNREAD_BYTES.user }];
}

function inPieces(bytes: Uint8Array, release: () => void, signal: AbortSignal | undefined) {
  let rest = bytes;
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
    // Whoever reads nothing may keep the stream for long.
    rest = new Uint8Array();
    release();
  };
  signal?.addEventListener('abort', end);
  const waitForReader = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      end();
      // By this name Next knows that the reader is to blame.
      controller.error(new DOMException('The reader took nothing for too long', 'AbortError'));
    }, STALL_TIMEOUT_MS);
    timer.unref();
  };
  return new ReadableStream<Uint8Array>(
    {
      start: waitForReader,
      pull(controller) {
        // A copy: a part would keep the whole.
        controller.enqueue(rest.slice(0, PIECE_BYTES));
        rest = rest.subarray(PIECE_BYTES);
        if (rest.length > 0) return waitForReader(controller);
        end();
        controller.close();
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}
