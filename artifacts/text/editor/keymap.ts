/** Key bindings and input rules of the editor. */
import { baseKeymap, chainCommands, exitCode, newlineInCode } from 'prosemirror-commands';
import { redo, undo } from 'prosemirror-history';
import {
  InputRule,
  inputRules,
  textblockTypeInputRule,
  undoInputRule,
  wrappingInputRule,
} from 'prosemirror-inputrules';
import { keymap } from 'prosemirror-keymap';
import type { MarkType } from 'prosemirror-model';
import { liftListItem, sinkListItem, splitListItem } from 'prosemirror-schema-list';
import { type Command, type Plugin, TextSelection } from 'prosemirror-state';
import { addRowAfter, goToNextCell, isInTable } from 'prosemirror-tables';
import {
  setBlockStyle,
  setList,
  toggleNamedMark,
  toggleTask,
} from '@/artifacts/text/editor/commands';
import { isVerbatim, schema } from '@/artifacts/text/editor/schema';

const { nodes, marks } = schema;

/** In tinykeys notation, like all shortcuts of the app. */
export const EDITOR_SHORTCUTS = {
  strong: '$mod+B',
  em: '$mod+I',
  code: '$mod+E',
  link: '$mod+K',
  bullet: '$mod+Shift+8',
  ordered: '$mod+Shift+7',
  task: '$mod+Shift+9',
  undo: '$mod+Z',
  redo: '$mod+Shift+Z',
} as const;

const insertHardBreak: Command = (state, dispatch) => {
  if (isInTable(state)) return true;
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
};

/** In a table, Enter moves down; in the last row it adds a row. */
const enterInTable: Command = (state, dispatch, view) => {
  if (!isInTable(state)) return false;
  const { $head } = state.selection;
  const row = $head.node(-1);
  const table = $head.node(-2);
  const column = $head.index(-1);
  const next = $head.index(-2) + 1;
  if (!dispatch || row.type !== nodes.table_row) return true;
  if (next === table.childCount) addRowAfter(state, dispatch);
  const current = view?.state ?? state;
  const rows = current.doc.resolve($head.before(-2)).nodeAfter;
  let pos = $head.start(-2);
  for (let index = 0; index < next; index += 1) pos += rows?.child(index).nodeSize ?? 0;
  for (let index = 0; index < column; index += 1)
    pos += rows?.child(next).child(index).nodeSize ?? 0;
  const { tr } = current;
  dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(pos + 2))).scrollIntoView());
  return true;
};

/** Inserts a paragraph below a table or code block at the end of the document. */
const insertParagraphBelow: Command = ({ selection, doc, tr }, dispatch, view) => {
  const { $head } = selection;
  const last = doc.lastChild;
  if (!last || $head.index(0) !== doc.childCount - 1 || !view?.endOfTextblock('down')) return false;
  if (last.type !== nodes.table && !isVerbatim(last)) return false;
  if (last.type === nodes.table && $head.index(1) !== last.childCount - 1) return false;
  tr.insert(doc.content.size, nodes.paragraph.create());
  dispatch?.(tr.setSelection(TextSelection.atEnd(tr.doc)).scrollIntoView());
  return true;
};

/** A task split from a checked one starts unchecked. */
const splitListItemUnchecked: Command = (state, dispatch) =>
  splitListItem(nodes.list_item)(
    state,
    dispatch &&
      ((tr) => {
        const { $from } = tr.selection;
        for (let depth = $from.depth; depth > 0; depth -= 1) {
          if ($from.node(depth).type !== nodes.list_item) continue;
          if ($from.node(depth).attrs.checked) {
            tr.setNodeAttribute($from.before(depth), 'checked', false);
          }
          break;
        }
        dispatch(tr);
      }),
  );

type EditorCommands = {
  /** Opens the card for the URL of a link. */
  openLinkEditor: Command;
  /** Asks for a change of the selection. */
  askForChange: Command;
  focusToolbar: Command;
};

/** Creates the plugins for key bindings and input rules. */
export function createKeymapPlugins({
  openLinkEditor,
  askForChange,
  focusToolbar,
}: EditorCommands): Plugin[] {
  const enter = chainCommands(
    enterInTable,
    newlineInCode,
    splitListItemUnchecked,
    baseKeymap.Enter as Command,
  );
  return [
    keymap({
      'Mod-b': toggleNamedMark('strong'),
      'Mod-i': toggleNamedMark('em'),
      'Mod-e': toggleNamedMark('code'),
      'Mod-Shift-x': toggleNamedMark('strike'),
      'Mod-k': openLinkEditor,
      'Mod-Shift-8': setList('bullet'),
      'Mod-Shift-7': setList('ordered'),
      'Mod-Shift-9': setList('task'),
      'Mod-Alt-0': setBlockStyle('paragraph'),
      'Mod-Alt-1': setBlockStyle('heading1'),
      'Mod-Alt-2': setBlockStyle('heading2'),
      'Mod-Alt-3': setBlockStyle('heading3'),
      'Mod-z': undo,
      'Mod-y': redo,
      'Mod-Shift-z': redo,
      'Alt-Enter': askForChange,
      'Mod-Enter': chainCommands(toggleTask, exitCode),
      'Shift-Enter': chainCommands(exitCode, insertHardBreak),
      'Alt-F10': focusToolbar,
      Backspace: undoInputRule,
      Enter: enter,
      ArrowDown: insertParagraphBelow,
      Tab: chainCommands(goToNextCell(1), sinkListItem(nodes.list_item)),
      'Shift-Tab': chainCommands(goToNextCell(-1), liftListItem(nodes.list_item)),
    }),
    keymap(baseKeymap),
    inputRules({
      rules: [
        textblockTypeInputRule(/^(#{1,6})\s$/, nodes.heading, ([, markers]) => ({
          level: markers?.length,
        })),
        textblockTypeInputRule(/^```([\w+#-]*)\s$/, nodes.code_block, ([, language]) => ({
          language,
        })),
        wrappingInputRule(/^\s*>\s$/, nodes.blockquote),
        wrappingInputRule(/^\s*[-*+]\s$/, nodes.bullet_list),
        wrappingInputRule(
          /^(\d{1,9})[.)]\s$/,
          nodes.ordered_list,
          ([, start]) => ({ start: Number(start) }),
          ([, start], list) => list.childCount + list.attrs.start === Number(start),
        ),
        taskRule,
        horizontalRuleRule,
        markInputRule(/(?:^|[^*\w])(\*\*([^*\s](?:[^*]*[^*\s])?)\*\*)$/, marks.strong),
        markInputRule(/(?:^|[^*\w])(\*([^*\s](?:[^*]*[^*\s])?)\*)$/, marks.em),
        markInputRule(/(?:^|[^_\w])(_([^_\s](?:[^_]*[^_\s])?)_)$/, marks.em),
        markInputRule(/(?:^|[^~])(~~([^~\s](?:[^~]*[^~\s])?)~~)$/, marks.strike),
        markInputRule(/(?:^|[^`])(`([^`]+)`)$/, marks.code),
        mathRule,
      ],
    }),
  ];
}

/** `[ ] ` at the start of a list item makes it a task. */
const taskRule = new InputRule(/^\[([ xX]?)\]\s$/, (state, [, tick], start, end) => {
  const $start = state.doc.resolve(start);
  if ($start.node(-1)?.type !== nodes.list_item || $start.index(-1) !== 0) return null;
  const { tr } = state;
  return tr
    .delete(start, end)
    .setNodeAttribute($start.before(-1), 'checked', tick?.toLowerCase() === 'x');
});

const horizontalRuleRule = new InputRule(/^(?:---|\*\*\*|___)$/, (state, _, start) => {
  const $start = state.doc.resolve(start);
  if ($start.parent.type !== nodes.paragraph) return null;
  const blocks = [nodes.rule.create(), nodes.paragraph.create()];
  const tr = state.tr.replaceWith($start.before(), $start.after(), blocks);
  return tr.setSelection(TextSelection.near(tr.doc.resolve($start.before() + 2)));
});

/** Typed math becomes verbatim, so that its characters are not escaped. */
const mathRule = new InputRule(
  /(?:^|[^$\\\w])(\$(?=\S)[^$\n]*[\\^_={}][^$\n]*\$)$/,
  (state, match, _, end) => {
    const source = match[1] as string;
    const from = end - source.length + 1;
    const tr = state.tr.insertText('$', end);
    return tr.addMark(from, end + 1, marks.raw.create()).removeStoredMark(marks.raw);
  },
);

/** Turns typed delimiters into a mark. Groups of the pattern: the whole match, and its content. */
function markInputRule(pattern: RegExp, type: MarkType): InputRule {
  return new InputRule(pattern, (state, match, _, end) => {
    const fullMatch = match[1] as string;
    const inner = match[2] as string;
    // The last character is not in the document yet.
    const from = end - fullMatch.length + 1;
    const width = (fullMatch.length - inner.length) / 2;
    if (state.doc.rangeHasMark(from, end, marks.code)) return null;
    const tr = state.tr.delete(from + width + inner.length, end).delete(from, from + width);
    return tr.addMark(from, from + inner.length, type.create()).removeStoredMark(type);
  });
}
