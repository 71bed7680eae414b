import { Annotation, Transaction } from '@codemirror/state';

const programmaticEdit = Annotation.define<true>();

/** On changes that the page makes: they are no edits, and undoing goes past them. */
export const PROGRAMMATIC_EDIT = [programmaticEdit.of(true), Transaction.addToHistory.of(false)];

/** Whether the change is the person's. */
export function isUserEdit(transaction: Transaction): boolean {
  return transaction.docChanged && !transaction.annotation(programmaticEdit);
}
