import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import zlib from 'node:zlib';

/** Emits decoded data as soon as it arrives. */
const FLUSH = {
  flush: zlib.constants.Z_SYNC_FLUSH,
  finishFlush: zlib.constants.Z_SYNC_FLUSH,
};

/**
 * Returns the decompressed body: some proxies compress although it is never requested. Returns the
 * same stream if it is not compressed; otherwise an early end of the connection is an error of the
 * returned stream.
 */
export function decodeBody(response: IncomingMessage): Readable {
  const decoder = decoderFor(response.headers['content-encoding'] ?? '');
  return decoder ? pipeline(response, decoder, () => undefined) : response;
}

function decoderFor(encoding: string): zlib.Gunzip | zlib.Inflate | zlib.BrotliDecompress | null {
  switch (encoding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      return zlib.createUnzip(FLUSH);
    case 'br':
      return zlib.createBrotliDecompress();
    default:
      return null;
  }
}
