import { AppError } from '@/lib/errors';

const MAX_BYTES = 16_384;

/**
 * A request's JSON body, read no further than a form of a few fields can be long.
 * @throws AppError unsupported_media_type, body_too_large, invalid_json
 */
export async function readSmallJson(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new AppError('unsupported_media_type');
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Counted as it comes: a content-length may be missing or wrong.
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new AppError('body_too_large');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw new AppError('invalid_json', { cause });
  }
}
