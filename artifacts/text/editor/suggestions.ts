/**
 * Anchors changes that the model proposes to ranges of the document. The ranges move with edits. A
 * suggestion whose text was edited is orphaned until the edit is undone.
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
import { markdownToDoc } from '@/artifacts/text/editor/markdown-to-doc';
import type { Suggestion } from '@/lib/protocol/stream-events';

export type AnchoredSuggestion = {
  suggestion: Suggestion;
  from: number;
  to: number;
  /** The text of the range when it was anchored. */
  text: string;
  /** Whether the range still contains that text. */
  isIntact: boolean;
};

type SuggestionsState = {
  anchored: readonly AnchoredSuggestion[];
  /** Suggestions whose text was not in the document when they arrived. */
  unanchored: readonly Suggestion[];
  openId: string | null;
  decorations: DecorationSet;
};
type SuggestionsMeta = { suggestions: readonly Suggestion[] } | { openId: string | null };

const pluginKey = new PluginKey<SuggestionsState>('suggestions');

/** Returns the suggestions whose text is in the document, in document order. */
export function anchoredSuggestions(state: EditorState): AnchoredSuggestion[] {
  const anchored = pluginKey.getState(state)?.anchored ?? [];
  return anchored.filter(({ isIntact }) => isIntact).sort((a, b) => a.from - b.from);
}

/** Returns the suggestions whose text is not in the document: they cannot be applied. */
export function orphanedSuggestions(state: EditorState): Suggestion[] {
  const { anchored = [], unanchored = [] } = pluginKey.getState(state) ?? {};
  const edited = anchored.filter(({ isIntact }) => !isIntact).map(({ suggestion }) => suggestion);
  return [...edited, ...unanchored];
}

/** Returns the suggestion whose card is open. */
export function findOpenSuggestion(state: EditorState): AnchoredSuggestion | undefined {
  const { anchored, openId } = pluginKey.getState(state) ?? {};
  return anchored?.find(({ suggestion, isIntact }) => isIntact && suggestion.id === openId);
}

/** Replaces the suggestions; those already anchored keep their ranges. */
export function setSuggestions(
  state: EditorState,
  suggestions: readonly Suggestion[],
): Transaction {
  return state.tr.setMeta(pluginKey, { suggestions } satisfies SuggestionsMeta);
}

/** Removes a suggestion that the user has applied or dismissed. */
export function removeSuggestion(state: EditorState, id: string): Transaction {
  const { anchored = [], unanchored = [] } = pluginKey.getState(state) ?? {};
  const all = [...anchored.map(({ suggestion }) => suggestion), ...unanchored];
  return setSuggestions(
    state,
    all.filter((each) => each.id !== id),
  );
}

/** Opens the card of a suggestion; null closes it. */
export function setOpenSuggestion(state: EditorState, open: string | null): Transaction {
  return state.tr.setMeta(pluginKey, { openId: open } satisfies SuggestionsMeta);
}

/** Replaces the original text by the suggested text. */
export function applySuggestion(
  state: EditorState,
  { suggestion, from, to }: AnchoredSuggestion,
): Transaction {
  const { doc, tr } = state;
  const { doc: parsed } = markdownToDoc(suggestion.suggestedText);
  const $from = doc.resolve(from);
  const $to = doc.resolve(to);
  const only = parsed.childCount === 1 ? parsed.firstChild : null;
  if ($from.parent.type.spec.code) tr.insertText(suggestion.suggestedText, from, to);
  else if (suggestion.suggestedText.trim() === '') tr.delete(from, to);
  else if (only?.isTextblock && $from.sameParent($to)) tr.replaceWith(from, to, only.content);
  else tr.replaceRange(from, to, parsed.slice(0, parsed.content.size));
  const end = tr.mapping.map(to);
  return tr.setSelection(TextSelection.near(tr.doc.resolve(end), -1)).scrollIntoView();
}

export function suggestionsPlugin(): Plugin<SuggestionsState> {
  return new Plugin<SuggestionsState>({
    key: pluginKey,
    state: {
      init: (_, { doc }) => withDecorations({ anchored: [], unanchored: [], openId: null }, doc),
      apply(tr, state) {
        const change = tr.getMeta(pluginKey) as SuggestionsMeta | undefined;
        if (!change && !tr.docChanged) return state;
        let { anchored, unanchored, openId } = state;
        if (tr.docChanged)
          anchored = anchored.map((each) => mapSuggestion(each, tr.mapping, tr.doc));
        if (change && 'suggestions' in change) {
          const { suggestions } = change;
          anchored = anchorSuggestions(suggestions, anchored, tr.doc);
          const ids = new Set(anchored.map(({ suggestion }) => suggestion.id));
          unanchored = suggestions.filter(({ id }) => !ids.has(id));
        }
        if (change && 'openId' in change) openId = change.openId;
        if (!anchored.some(({ suggestion, isIntact }) => isIntact && suggestion.id === openId))
          openId = null;
        return withDecorations({ anchored, unanchored, openId }, tr.doc);
      },
    },
    props: {
      decorations: (state) => pluginKey.getState(state)?.decorations,
      handleClick(view, pos) {
        const hit = anchoredSuggestions(view.state).find(
          ({ from, to }) => from <= pos && pos <= to,
        );
        const open = hit?.suggestion.id ?? null;
        if (open === pluginKey.getState(view.state)?.openId) return false;
        const tr = setOpenSuggestion(view.state, open);
        const { selection } = view.state;
        // On touch the browser may not have moved the cursor yet, and will not after a re-render.
        if (selection.empty || pos < selection.from || pos > selection.to) {
          tr.setSelection(TextSelection.near(tr.doc.resolve(pos)));
        }
        view.dispatch(tr);
        return false;
      },
    },
  });
}

function withDecorations(
  state: Omit<SuggestionsState, 'decorations'>,
  doc: Node,
): SuggestionsState {
  const { anchored, openId } = state;
  const decorations = anchored
    .filter(({ isIntact }) => isIntact)
    .map(({ suggestion: { id }, from, to }) =>
      Decoration.inline(from, to, { class: id === openId ? 'suggestion open' : 'suggestion' }),
    );
  return { ...state, decorations: DecorationSet.create(doc, decorations) };
}

/**
 * Text typed at the edges of an intact range stays outside. A changed range includes it, since an
 * undo may restore its text there.
 */
function mapSuggestion(
  anchored: AnchoredSuggestion,
  mapping: Mapping,
  doc: Node,
): AnchoredSuggestion {
  const association = anchored.isIntact ? 1 : -1;
  const from = mapping.map(anchored.from, association);
  const to = Math.max(from, mapping.map(anchored.to, -association));
  return { ...anchored, from, to, isIntact: from < to && textIn(doc, from, to) === anchored.text };
}

function anchorSuggestions(
  suggestions: readonly Suggestion[],
  previous: readonly AnchoredSuggestion[],
  doc: Node,
): readonly AnchoredSuggestion[] {
  let search: ((markdown: string) => { from: number; to: number } | undefined) | undefined;
  return suggestions.flatMap((suggestion) => {
    const known = previous.find((each) => each.suggestion.id === suggestion.id);
    if (known) return [known];
    search ??= createTextSearch(doc);
    const found = search(suggestion.originalText);
    if (!found) return [];
    return [{ suggestion, ...found, text: textIn(doc, found.from, found.to), isIntact: true }];
  });
}

function textIn(doc: Node, from: number, to: number): string {
  return doc.textBetween(from, to, ' ', ' ');
}

/** Finds text quoted from the Markdown source or as rendered. All whitespace is equal. */
function createTextSearch(doc: Node) {
  let text = '';
  const positions: number[] = [];
  const add = (char: string, pos: number) => {
    if (/\s/.test(char)) {
      if (text === '' || text.endsWith(' ')) return;
      text += ' ';
    } else {
      text += char;
    }
    positions.push(pos);
  };
  doc.descendants((node, pos) => {
    if (node.isTextblock) add(' ', pos);
    const { text: nodeText } = node;
    // By UTF-16 code units, like ProseMirror positions.
    if (nodeText)
      for (let index = 0; index < nodeText.length; index += 1)
        add(nodeText[index] as string, pos + index);
    else if (node.isLeaf) add(' ', pos);
  });
  const findInText = (query: string) => {
    const normalized = query.replace(/\s+/g, ' ').trim();
    const index = normalized === '' ? -1 : text.indexOf(normalized);
    if (index === -1) return undefined;
    return {
      from: positions[index] as number,
      to: (positions[index + normalized.length - 1] as number) + 1,
    };
  };
  return (markdown: string): { from: number; to: number } | undefined => {
    const { doc: parsed } = markdownToDoc(markdown);
    return findInText(markdown) ?? findInText(parsed.textBetween(0, parsed.content.size, ' ', ' '));
  };
}
