/** Editor commands for keys and toolbar buttons. */
import { lift, setBlockType, toggleMark, wrapIn } from 'prosemirror-commands';
import type { Attrs, Node, NodeType, ResolvedPos } from 'prosemirror-model';
import { liftListItem, wrapInList } from 'prosemirror-schema-list';
import type { Command, EditorState } from 'prosemirror-state';
import { schema } from '@/artifacts/text/editor/schema';

const { nodes, marks } = schema;

export type MarkName = 'strong' | 'em' | 'strike' | 'code';
export type ListName = 'bullet' | 'ordered' | 'task';
export type BlockStyleName = 'paragraph' | 'heading1' | 'heading2' | 'heading3' | 'quote' | 'code';

export function toggleNamedMark(name: MarkName): Command {
  return toggleMark(marks[name], null, { includeWhitespace: true });
}

/** Whether text typed at the cursor, or part of the selection, has the mark. */
export function hasMark({ selection, doc, storedMarks }: EditorState, name: MarkName): boolean {
  const { from, to, $from, empty } = selection;
  if (empty) return Boolean(marks[name].isInSet(storedMarks ?? $from.marks()));
  return doc.rangeHasMark(from, to, marks[name]);
}

/** Whether the selection contains text or images, not only whitespace and line ends. */
export function hasVisibleContent({ selection: { from, to }, doc }: EditorState): boolean {
  const leaf = (node: Node) => (node.type === nodes.image ? node.attrs.src : ' ');
  return doc.textBetween(from, to, ' ', leaf).trim() !== '';
}

/** Returns the innermost ancestor that matches, and its position. */
function findAncestor(
  $pos: ResolvedPos,
  matches: (node: Node) => boolean,
): { node: Node; pos: number } | undefined {
  for (let depth = $pos.depth; depth > 0; depth -= 1) {
    const node = $pos.node(depth);
    if (matches(node)) return { node, pos: $pos.before(depth) };
  }
  return undefined;
}

const isList = ({ type }: Node) => type === nodes.bullet_list || type === nodes.ordered_list;
const isItem = ({ type }: Node) => type === nodes.list_item;
const isQuote = ({ type }: Node) => type === nodes.blockquote;

/** Returns the type of the list in which the selection starts. */
export function currentList({ selection }: EditorState): ListName | undefined {
  const list = findAncestor(selection.$from, isList)?.node;
  if (!list) return undefined;
  if (list.type === nodes.ordered_list) return 'ordered';
  const item = findAncestor(selection.$from, isItem)?.node;
  return item && item.attrs.checked !== null ? 'task' : 'bullet';
}

/** Converts the selection to a list of this type, or lifts it out if it is one already. */
export function setList(name: ListName): Command {
  return (state, dispatch, view) => {
    const currentType = currentList(state);
    if (currentType === name) return liftListItem(nodes.list_item)(state, dispatch);
    if (currentType) return convertList(name)(state, dispatch);
    const type = name === 'ordered' ? nodes.ordered_list : nodes.bullet_list;
    if (!dispatch || name !== 'task') return wrapInList(type)(state, dispatch, view);
    return wrapInList(type)(state, (tr) => {
      const list = findAncestor(tr.selection.$from, isList);
      const { from, to } = tr.selection;
      tr.doc.nodesBetween(from, to, (node, pos) => {
        if (isItem(node) && list && pos > list.pos) tr.setNodeAttribute(pos, 'checked', false);
      });
      dispatch(tr);
    });
  };
}

function convertList(name: ListName): Command {
  return ({ selection, tr }, dispatch) => {
    const list = findAncestor(selection.$from, isList);
    if (!list) return false;
    const type = name === 'ordered' ? nodes.ordered_list : nodes.bullet_list;
    if (type !== list.node.type) {
      tr.setNodeMarkup(list.pos, type, { loose: list.node.attrs.loose });
    }
    list.node.forEach((item, offset) => {
      const checked = name === 'task' ? (item.attrs.checked ?? false) : null;
      tr.setNodeAttribute(list.pos + 1 + offset, 'checked', checked);
    });
    dispatch?.(tr);
    return true;
  };
}

const BLOCK_STYLES: Record<Exclude<BlockStyleName, 'quote'>, [NodeType, Attrs?]> = {
  paragraph: [nodes.paragraph],
  heading1: [nodes.heading, { level: 1 }],
  heading2: [nodes.heading, { level: 2 }],
  heading3: [nodes.heading, { level: 3 }],
  code: [nodes.code_block],
};

export function setBlockStyle(name: BlockStyleName): Command {
  if (name !== 'quote') return setBlockType(...BLOCK_STYLES[name]);
  return (state, dispatch) =>
    findAncestor(state.selection.$from, isQuote)
      ? lift(state, dispatch)
      : wrapIn(nodes.blockquote)(state, dispatch);
}

/** Returns the style of the block in which the selection starts; undefined for other blocks. */
export function currentBlockStyle({
  selection: { $from },
}: EditorState): BlockStyleName | undefined {
  const { type, attrs } = $from.parent;
  if (type === nodes.code_block) return 'code';
  if (type === nodes.heading) {
    return attrs.level <= 3 ? (`heading${attrs.level}` as BlockStyleName) : undefined;
  }
  if (type !== nodes.paragraph) return undefined;
  return findAncestor($from, isQuote) ? 'quote' : 'paragraph';
}

/** Checks or unchecks a task. */
export const toggleTask: Command = ({ selection, tr }, dispatch) => {
  const item = findAncestor(selection.$from, isItem);
  if (!item || item.node.attrs.checked === null) return false;
  dispatch?.(tr.setNodeAttribute(item.pos, 'checked', !item.node.attrs.checked));
  return true;
};

/** Returns the range and URL of the link at the start of the selection. */
export function currentLink({ selection }: EditorState) {
  const { $from } = selection;
  const { parent } = $from;
  const index = $from.index();
  const linkMarkOf = (child: number) => marks.link.isInSet(parent.maybeChild(child)?.marks ?? []);
  const linkIndex = linkMarkOf(index)
    ? index
    : $from.textOffset === 0 && linkMarkOf(index - 1)
      ? index - 1
      : -1;
  const mark = linkIndex < 0 ? undefined : linkMarkOf(linkIndex);
  if (!mark) return undefined;
  let first = linkIndex;
  let last = linkIndex;
  while (first > 0 && mark.isInSet(parent.child(first - 1).marks)) first -= 1;
  while (last + 1 < parent.childCount && mark.isInSet(parent.child(last + 1).marks)) last += 1;
  const offsetOfChild = (until: number) =>
    parent.children.slice(0, until).reduce((size, child) => size + child.nodeSize, 0);
  const start = $from.start();
  return {
    from: start + offsetOfChild(first),
    to: start + offsetOfChild(last + 1),
    href: mark.attrs.href as string,
  };
}

/** Links the selection; with an empty one, inserts the URL as a link. '' removes the link. */
export function setLink(href: string): Command {
  return (state, dispatch) => {
    const { selection, tr } = state;
    const range = (selection.empty && currentLink(state)) || selection;
    const { from, to } = range;
    if (href !== '' && from === to) tr.insertText(href, from);
    const end = href !== '' && from === to ? from + href.length : to;
    tr.removeMark(from, end, marks.link);
    if (href !== '') tr.addMark(from, end, marks.link.create({ href }));
    dispatch?.(tr.removeStoredMark(marks.link).scrollIntoView());
    return true;
  };
}
