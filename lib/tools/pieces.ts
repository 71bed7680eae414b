/** What came so far is no part of the content: it begins anew with what follows. */
export const RESTART = Symbol('restart');

/** What a document is written from, as it comes. */
export type Piece = string | typeof RESTART;

/** Lines of pieces as other lines; what is sent so far is withdrawn where they begin anew. */
export async function* mapPieces(
  pieces: AsyncIterable<Piece>,
  begin: () => { add: (piece: string) => string; end: () => string },
): AsyncGenerator<Piece> {
  let writer = begin();
  for await (const piece of pieces) {
    if (piece === RESTART) {
      writer = begin();
      yield RESTART;
      continue;
    }
    const text = writer.add(piece);
    if (text !== '') yield text;
  }
  const rest = writer.end();
  if (rest !== '') yield rest;
}
