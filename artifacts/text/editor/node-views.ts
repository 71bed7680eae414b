/**
 * Blocks that hold paragraphs begin on the side where their first words do: `dir="auto"` passes over
 * children that have a `dir` of their own.
 */
import { DOMSerializer, type Node } from 'prosemirror-model';
import type { EditorView, NodeView } from 'prosemirror-view';
import { isVerbatim, schema } from '@/artifacts/text/editor/schema';
import { directionOfText } from '@/lib/client/markdown/direction';

function setDirection(element: HTMLElement, node: Node): void {
  const direction = directionOf(node);
  if (direction) element.dir = direction;
  else element.removeAttribute('dir');
}

/** The direction of the first letter outside code; undefined where there is none. */
function directionOf(node: Node): 'ltr' | 'rtl' | undefined {
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
  private directed: HTMLElement;

  constructor(private node: Node) {
    const { dom, contentDOM } = DOMSerializer.renderSpec(
      document,
      (node.type.spec.toDOM as NonNullable<typeof node.type.spec.toDOM>)(node),
    );
    this.dom = dom as HTMLElement;
    this.contentDOM = contentDOM as HTMLElement;
    // A table is in a box that scrolls.
    this.directed = this.contentDOM.closest('table') ?? this.dom;
    setDirection(this.directed, node);
  }

  update(node: Node): boolean {
    if (!node.sameMarkup(this.node)) return false;
    this.node = node;
    setDirection(this.directed, node);
    return true;
  }
}

/** An item of a list, with a box to tick where it is a task. */
export class ItemView implements NodeView {
  dom = document.createElement('li');
  contentDOM: HTMLElement = this.dom;
  private box: HTMLInputElement | undefined;

  constructor(
    private node: Node,
    view: EditorView,
    getPos: () => number | undefined,
  ) {
    if (node.attrs.checked !== null) this.addBox(view, getPos);
    this.show();
  }

  private addBox(view: EditorView, getPos: () => number | undefined): void {
    this.dom.className = 'task-list-item';
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.contentEditable = 'false';
    box.addEventListener('change', () => {
      const pos = getPos();
      if (pos !== undefined)
        view.dispatch(view.state.tr.setNodeAttribute(pos, 'checked', box.checked));
    });
    this.box = box;
    this.contentDOM = document.createElement('div');
    this.dom.append(box, this.contentDOM);
  }

  update(node: Node): boolean {
    const { type, attrs } = this.node;
    if (node.type !== type || (node.attrs.checked === null) !== (attrs.checked === null))
      return false;
    this.node = node;
    this.show();
    return true;
  }

  stopEvent({ target }: Event): boolean {
    return target === this.box;
  }

  ignoreMutation({ target }: { target: globalThis.Node }): boolean {
    return target === this.box;
  }

  private show(): void {
    const { box, node } = this;
    setDirection(this.dom, node);
    if (!box) return;
    box.checked = node.attrs.checked;
    const first = node.firstChild;
    box.ariaLabel = `Done: ${first && !isVerbatim(first) ? first.textContent : 'task'}`;
  }
}
