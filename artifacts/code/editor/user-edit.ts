import { Annotation, Transaction } from '@codemirror/state';

const programmaticEdit = Annotation.define<true>();

/** Annotations of programmatic changes: they are not user edits and cannot be undone. */
export const PROGRAMMATIC_EDIT = [programmaticEdit.of(true), Transaction.addToHistory.of(false)];

/** Whether the user made the change. */
export function isUserEdit(transaction: Transaction): boolean {
  return transaction.docChanged && !transaction.annotation(programmaticEdit);
}
