import { Annotation, Transaction } from '@codemirror/state';

const notByHand = Annotation.define<true>();

/** On changes that the page makes: they are no edits, and undoing goes past them. */
export const NOT_BY_HAND = [notByHand.of(true), Transaction.addToHistory.of(false)];

/** Whether the change is the person's. */
export function isByHand(transaction: Transaction): boolean {
  return transaction.docChanged && !transaction.annotation(notByHand);
}
