import { TextSelection } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';

/**
 * Adopts the browser's selection before a command acts on it. ProseMirror reads it on
 * `selectionchange`, which browsers dispatch in a later task: on a busy page a click on a toolbar
 * button comes first, and would act on the selection before it.
 */
export function adoptDomSelection(view: EditorView): void {
  const shown = document.getSelection();
  const { selection, doc, tr } = view.state;
  if (!view.hasFocus() || !(selection instanceof TextSelection)) return;
  if (!shown?.anchorNode || !shown.focusNode) return;
  if (!view.dom.contains(shown.anchorNode) || !view.dom.contains(shown.focusNode)) return;
  const anchor = view.posAtDOM(shown.anchorNode, shown.anchorOffset);
  const head = view.posAtDOM(shown.focusNode, shown.focusOffset);
  if (anchor === selection.anchor && head === selection.head) return;
  const found = TextSelection.between(doc.resolve(anchor), doc.resolve(head));
  if (!found.eq(selection)) view.dispatch(tr.setSelection(found));
}
