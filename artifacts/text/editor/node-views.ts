/**
 * Node views that set the direction of container blocks by their first words: `dir="auto"` skips
 * children that have their own `dir`.
 */
import { DOMSerializer, type Node } from 'prosemirror-model';
import type { EditorView, NodeView } from 'prosemirror-view';
import { isVerbatim, schema } from '@/artifacts/text/editor/schema';
import { directionOfText } from '@/lib/client/markdown/direction';

function applyDirection(element: HTMLElement, node: Node): void {
  const direction = directionOfNode(node);
  if (direction) element.dir = direction;
  else element.removeAttribute('dir');
}

/** Returns the direction of the first letter outside code; undefined if there is none. */
function directionOfNode(node: Node): 'ltr' | 'rtl' | undefined {
  let found: 'ltr' | 'rtl' | undefined;
  node.descendants((child) => {
    if (found || isVerbatim(child)) return false;
    const { code, raw } = schema.marks;
    const isCode = code.isInSet(child.marks) || raw.isInSet(child.marks);
    if (child.text && !isCode) found = directionOfText(child.text);
    return true;
  });
  return found;
}

/** A quotation or a table. */
export class BlockView implements NodeView {
  dom: HTMLElement;
  contentDOM: HTMLElement;
  private directionElement: HTMLElement;

  constructor(private node: Node) {
    const { dom, contentDOM } = DOMSerializer.renderSpec(
      document,
      (node.type.spec.toDOM as NonNullable<typeof node.type.spec.toDOM>)(node),
    );
    this.dom = dom as HTMLElement;
    this.contentDOM = contentDOM as HTMLElement;
    // A table is wrapped in a scrolling element.
    this.directionElement = this.contentDOM.closest('table') ?? this.dom;
    applyDirection(this.directionElement, node);
  }

  update(node: Node): boolean {
    if (!node.sameMarkup(this.node)) return false;
    this.node = node;
    applyDirection(this.directionElement, node);
    return true;
  }
}

/** A list item, with a checkbox if it is a task. */
export class ListItemView implements NodeView {
  dom = document.createElement('li');
  contentDOM: HTMLElement = this.dom;
  private checkbox: HTMLInputElement | undefined;

  constructor(
    private node: Node,
    view: EditorView,
    getPos: () => number | undefined,
  ) {
    if (node.attrs.checked !== null) this.addCheckbox(view, getPos);
    this.render();
  }

  private addCheckbox(view: EditorView, getPos: () => number | undefined): void {
    this.dom.className = 'task-list-item';
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.contentEditable = 'false';
    box.addEventListener('change', () => {
      const pos = getPos();
      if (pos !== undefined)
        view.dispatch(view.state.tr.setNodeAttribute(pos, 'checked', box.checked));
    });
    this.checkbox = box;
    this.contentDOM = document.createElement('div');
    this.dom.append(box, this.contentDOM);
  }

  update(node: Node): boolean {
    const { type, attrs } = this.node;
    if (node.type !== type || (node.attrs.checked === null) !== (attrs.checked === null))
      return false;
    this.node = node;
    this.render();
    return true;
  }

  stopEvent({ target }: Event): boolean {
    return target === this.checkbox;
  }

  ignoreMutation({ target }: { target: globalThis.Node }): boolean {
    return target === this.checkbox;
  }

  private render(): void {
    const { checkbox, node } = this;
    applyDirection(this.dom, node);
    if (!checkbox) return;
    checkbox.checked = node.attrs.checked;
    const first = node.firstChild;
    checkbox.ariaLabel = `Done: ${first && !isVerbatim(first) ? first.textContent : 'task'}`;
  }
}
