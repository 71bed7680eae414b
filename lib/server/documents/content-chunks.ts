/** Discards all chunks so far: the content restarts with the next chunk. */
export const RESTART = Symbol('restart');

/** A chunk of a document's content, in order. */
export type ContentChunk = string | typeof RESTART;

/** Transforms the text of the chunks. A RESTART is passed on and resets the transform. */
export async function* transformChunks(
  chunks: AsyncIterable<ContentChunk>,
  createTransform: () => { push: (chunk: string) => string; end: () => string },
): AsyncGenerator<ContentChunk> {
  let transform = createTransform();
  for await (const chunk of chunks) {
    if (chunk === RESTART) {
      transform = createTransform();
      yield RESTART;
      continue;
    }
    const text = transform.push(chunk);
    if (text !== '') yield text;
  }
  const tail = transform.end();
  if (tail !== '') yield tail;
}
