/**
 * Changes that the model proposes, at their places in the text. They move with it; one whose text is
 * changed has lost its place, and has it again when that is taken back.
 */
import type { Node } from 'prosemirror-model';
import {
  type EditorState,
  Plugin,
  PluginKey,
  TextSelection,
  type Transaction,
} from 'prosemirror-state';
import type { Mapping } from 'prosemirror-transform';
import { Decoration, DecorationSet } from 'prosemirror-view';
import { readMarkdown } from '@/artifacts/text/editor/source';
import type { Suggestion } from '@/lib/protocol/events';

export type Placed = {
  suggestion: Suggestion;
  from: number;
  to: number;
  /** The text there when it was placed. */
  text: string;
  /** Whether it is there still. */
  there: boolean;
};

type State = {
  placed: readonly Placed[];
  /** Those whose text was not in the document when they came. */
  unplaced: readonly Suggestion[];
  open: string | null;
  decorations: DecorationSet;
};
type Change = { suggestions: readonly Suggestion[] } | { open: string | null };

const key = new PluginKey<State>('suggestions');

/** The suggestions whose text is there, in the order of the text. */
export function placedSuggestions(state: EditorState): Placed[] {
  const placed = key.getState(state)?.placed ?? [];
  return placed.filter(({ there }) => there).sort((a, b) => a.from - b.from);
}

/** The suggestions whose text is not in the document: they cannot be applied. */
export function lostSuggestions(state: EditorState): Suggestion[] {
  const { placed = [], unplaced = [] } = key.getState(state) ?? {};
  const gone = placed.filter(({ there }) => !there).map(({ suggestion }) => suggestion);
  return [...gone, ...unplaced];
}

/** The one whose card is open. */
export function openSuggestion(state: EditorState): Placed | undefined {
  const { placed, open } = key.getState(state) ?? {};
  return placed?.find(({ suggestion, there }) => there && suggestion.id === open);
}

/** Replaces the suggestions by these; those that are there already keep their places. */
export function withSuggestions(
  state: EditorState,
  suggestions: readonly Suggestion[],
): Transaction {
  return state.tr.setMeta(key, { suggestions } satisfies Change);
}

/** Without one that the person has decided about. */
export function withoutSuggestion(state: EditorState, id: string): Transaction {
  const { placed = [], unplaced = [] } = key.getState(state) ?? {};
  const all = [...placed.map(({ suggestion }) => suggestion), ...unplaced];
  return withSuggestions(
    state,
    all.filter((each) => each.id !== id),
  );
}

/** Opens the card of one; null closes it. */
export function withOpen(state: EditorState, open: string | null): Transaction {
  return state.tr.setMeta(key, { open } satisfies Change);
}

/** Makes the change. */
export function applySuggestion(state: EditorState, { suggestion, from, to }: Placed): Transaction {
  const { doc, tr } = state;
  const { doc: read } = readMarkdown(suggestion.suggestedText);
  const $from = doc.resolve(from);
  const $to = doc.resolve(to);
  const only = read.childCount === 1 ? read.firstChild : null;
  if ($from.parent.type.spec.code) tr.insertText(suggestion.suggestedText, from, to);
  else if (suggestion.suggestedText.trim() === '') tr.delete(from, to);
  else if (only?.isTextblock && $from.sameParent($to)) tr.replaceWith(from, to, only.content);
  else tr.replaceRange(from, to, read.slice(0, read.content.size));
  const end = tr.mapping.map(to);
  return tr.setSelection(TextSelection.near(tr.doc.resolve(end), -1)).scrollIntoView();
}

export function suggestionsPlugin(): Plugin<State> {
  return new Plugin<State>({
    key,
    state: {
      init: (_, { doc }) => shown({ placed: [], unplaced: [], open: null }, doc),
      apply(tr, state) {
        const change = tr.getMeta(key) as Change | undefined;
        if (!change && !tr.docChanged) return state;
        let { placed, unplaced, open } = state;
        if (tr.docChanged) placed = placed.map((each) => moved(each, tr.mapping, tr.doc));
        if (change && 'suggestions' in change) {
          const { suggestions } = change;
          placed = place(suggestions, placed, tr.doc);
          const ids = new Set(placed.map(({ suggestion }) => suggestion.id));
          unplaced = suggestions.filter(({ id }) => !ids.has(id));
        }
        if (change && 'open' in change) open = change.open;
        if (!placed.some(({ suggestion, there }) => there && suggestion.id === open)) open = null;
        return shown({ placed, unplaced, open }, tr.doc);
      },
    },
    props: {
      decorations: (state) => key.getState(state)?.decorations,
      handleClick(view, pos) {
        const hit = placedSuggestions(view.state).find(({ from, to }) => from <= pos && pos <= to);
        const open = hit?.suggestion.id ?? null;
        if (open === key.getState(view.state)?.open) return false;
        const tr = withOpen(view.state, open);
        const { selection } = view.state;
        // By touch the browser may not have put the cursor there yet, and does not once this is drawn.
        if (selection.empty || pos < selection.from || pos > selection.to) {
          tr.setSelection(TextSelection.near(tr.doc.resolve(pos)));
        }
        view.dispatch(tr);
        return false;
      },
    },
  });
}

function shown(state: Omit<State, 'decorations'>, doc: Node): State {
  const { placed, open } = state;
  const decorations = placed
    .filter(({ there }) => there)
    .map(({ suggestion: { id }, from, to }) =>
      Decoration.inline(from, to, { class: id === open ? 'suggested open' : 'suggested' }),
    );
  return { ...state, decorations: DecorationSet.create(doc, decorations) };
}

/** What is typed at its edges is not its text, unless its own text was changed: that may come back. */
function moved(placed: Placed, mapping: Mapping, doc: Node): Placed {
  const inward = placed.there ? 1 : -1;
  const from = mapping.map(placed.from, inward);
  const to = Math.max(from, mapping.map(placed.to, -inward));
  return { ...placed, from, to, there: from < to && textIn(doc, from, to) === placed.text };
}

function place(
  suggestions: readonly Suggestion[],
  before: readonly Placed[],
  doc: Node,
): readonly Placed[] {
  let search: ((markdown: string) => { from: number; to: number } | undefined) | undefined;
  return suggestions.flatMap((suggestion) => {
    const known = before.find((each) => each.suggestion.id === suggestion.id);
    if (known) return [known];
    search ??= createSearch(doc);
    const found = search(suggestion.originalText);
    if (!found) return [];
    return [{ suggestion, ...found, text: textIn(doc, found.from, found.to), there: true }];
  });
}

function textIn(doc: Node, from: number, to: number): string {
  return doc.textBetween(from, to, ' ', ' ');
}

/** Finds text that is quoted from the Markdown source, or as it looks. Blanks of all kinds are alike. */
function createSearch(doc: Node) {
  let text = '';
  const places: number[] = [];
  const add = (char: string, pos: number) => {
    if (/\s/.test(char)) {
      if (text === '' || text.endsWith(' ')) return;
      text += ' ';
    } else {
      text += char;
    }
    places.push(pos);
  };
  doc.descendants((node, pos) => {
    if (node.isTextblock) add(' ', pos);
    const { text: own } = node;
    // In units of UTF-16, as places are counted.
    if (own)
      for (let index = 0; index < own.length; index += 1) add(own[index] as string, pos + index);
    else if (node.isLeaf) add(' ', pos);
  });
  const find = (wanted: string) => {
    const bare = wanted.replace(/\s+/g, ' ').trim();
    const at = bare === '' ? -1 : text.indexOf(bare);
    if (at === -1) return undefined;
    return { from: places[at] as number, to: (places[at + bare.length - 1] as number) + 1 };
  };
  return (markdown: string): { from: number; to: number } | undefined => {
    const { doc: read } = readMarkdown(markdown);
    return find(markdown) ?? find(read.textBetween(0, read.content.size, ' ', ' '));
  };
}
