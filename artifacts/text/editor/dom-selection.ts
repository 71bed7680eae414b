import { TextSelection } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';

/**
 * Adopts the browser's selection before a command acts on it. ProseMirror reads it on
 * `selectionchange`, which browsers dispatch in a later task: on a busy page a click on a toolbar
 * button comes first and would act on the previous selection.
 */
export function syncDomSelection(view: EditorView): void {
  const domSelection = document.getSelection();
  const { selection, doc, tr } = view.state;
  if (!view.hasFocus() || !(selection instanceof TextSelection)) return;
  if (!domSelection?.anchorNode || !domSelection.focusNode) return;
  if (!view.dom.contains(domSelection.anchorNode) || !view.dom.contains(domSelection.focusNode))
    return;
  const anchor = view.posAtDOM(domSelection.anchorNode, domSelection.anchorOffset);
  const head = view.posAtDOM(domSelection.focusNode, domSelection.focusOffset);
  if (anchor === selection.anchor && head === selection.head) return;
  const selectionFromDom = TextSelection.between(doc.resolve(anchor), doc.resolve(head));
  if (!selectionFromDom.eq(selection)) view.dispatch(tr.setSelection(selectionFromDom));
}
