/** What came so far is no part of the content: it begins anew with what follows. */
export const RESTART = Symbol('restart');

/** What a document is written from, as it comes. */
export type ContentChunk = string | typeof RESTART;

/** Lines of pieces as other lines; what is sent so far is withdrawn where they begin anew. */
export async function* transformChunks(
  chunks: AsyncIterable<ContentChunk>,
  createTransform: () => { add: (piece: string) => string; end: () => string },
): AsyncGenerator<ContentChunk> {
  let transform = createTransform();
  for await (const chunk of chunks) {
    if (chunk === RESTART) {
      transform = createTransform();
      yield RESTART;
      continue;
    }
    const text = transform.add(chunk);
    if (text !== '') yield text;
  }
  const tail = transform.end();
  if (tail !== '') yield tail;
}
