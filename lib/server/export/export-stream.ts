import { logger } from '@/lib/server/log/logger';

/** Characters of one chunk, at least. */
const MIN_CHUNK_CHARS = 65_536;

/**
 * Returns the texts as a stream in UTF-8. A text is produced only when the client reads, so a slow
 * client holds one chunk in memory. A failure ends the stream with an error: the client must not
 * take the part for the whole.
 */
export function textStream(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let chunk = '';
        try {
          while (chunk.length < MIN_CHUNK_CHARS) {
            const { done, value } = await texts.next();
            if (!done) {
              chunk += value;
              continue;
            }
            if (chunk) controller.enqueue(encoder.encode(chunk));
            return controller.close();
          }
        } catch (error) {
          logger.error({ err: error }, 'An export failed');
          // Next treats an AbortError as the client's fault and does not log it again.
          return controller.error(new DOMException('The export failed', 'AbortError'));
        }
        controller.enqueue(encoder.encode(chunk));
      },
      async cancel() {
        await texts.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
