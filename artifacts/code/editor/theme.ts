/** The editor theme. It uses CSS custom properties, so it follows the app's theme. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags as t } from '@lezer/highlight';

const editorTheme = EditorView.theme({
  '&': {
    height: '100%',
    fontSize: '0.8125rem',
    backgroundColor: 'var(--card)',
    color: 'var(--foreground)',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--font-mono)',
    lineHeight: '1.55',
    overscrollBehavior: 'contain',
  },
  '.cm-content': { padding: '0.75rem 0', caretColor: 'var(--foreground)' },
  '.cm-line': { padding: '0 1rem 0 0.5rem' },
  '.cm-cursor': { borderLeftColor: 'var(--foreground)' },
  '.cm-gutters': {
    backgroundColor: 'var(--card)',
    color: 'var(--muted-foreground)',
    border: 'none',
  },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '2.25rem', padding: '0 0.25rem 0 0.75rem' },
  '.cm-foldGutter .cm-gutterElement': { width: '1rem', textAlign: 'center', cursor: 'pointer' },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in oklch, var(--foreground) 4%, transparent)',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, ::selection':
    { background: 'var(--selection)' },
  '.cm-selectionMatch': { backgroundColor: 'color-mix(in oklch, var(--ring) 18%, transparent)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'color-mix(in oklch, var(--ring) 25%, transparent)',
    outline: 'none',
  },
  '.cm-searchMatch': {
    backgroundColor: 'color-mix(in oklch, var(--warning-text) 25%, transparent)',
  },
  '.cm-searchMatch-selected': {
    backgroundColor: 'color-mix(in oklch, var(--warning-text) 50%, transparent)',
  },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--muted)',
    border: '1px solid var(--border)',
    color: 'var(--muted-foreground)',
    padding: '0 0.35rem',
  },
  '.cm-panels': {
    backgroundColor: 'var(--popover)',
    color: 'var(--popover-foreground)',
    borderColor: 'var(--border)',
    fontFamily: 'var(--font-sans)',
    zIndex: '2',
  },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--border)' },
  '.cm-panel.cm-search': { padding: '0.5rem 2rem 0.375rem 0.75rem', fontSize: '0.8125rem' },
  '.cm-panel.cm-search label': { fontSize: '0.8125rem' },
  '.cm-panel.cm-search [name=close]': {
    fontSize: '1.25rem',
    padding: '0.25rem 0.5rem',
    cursor: 'pointer',
  },
  '.cm-textfield': {
    fontSize: 'inherit',
    backgroundColor: 'var(--field)',
    border: '1px solid var(--input)',
    borderRadius: 'var(--radius-sm)',
    padding: '0.2rem 0.4rem',
  },
  '.cm-button': {
    fontSize: 'inherit',
    backgroundImage: 'none',
    backgroundColor: 'var(--secondary)',
    border: '1px solid var(--input)',
    borderRadius: 'var(--radius-sm)',
    padding: '0.2rem 0.5rem',
    cursor: 'pointer',
  },
  // Forced colors remove backgrounds: outlines mark selections, search matches and brackets.
  '@media (forced-colors: active)': {
    '.cm-selectionBackground, .cm-searchMatch, .cm-selectionMatch': {
      outline: '1px solid Highlight',
    },
    '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { outline: '1px solid CanvasText' },
    '.cm-searchMatch-selected': { outline: '3px solid Highlight' },
  },
  '.cm-tooltip': { backgroundColor: 'transparent', border: 'none', zIndex: '3' },
});

/** The colors are in editor.css, for the light and the dark theme. */
const highlightStyle = HighlightStyle.define([
  { tag: [t.keyword, t.operatorKeyword, t.modifier, t.self], color: 'var(--syntax-keyword)' },
  { tag: [t.string, t.special(t.string), t.regexp, t.character], color: 'var(--syntax-string)' },
  { tag: [t.number, t.bool, t.null, t.atom, t.unit, t.color], color: 'var(--syntax-constant)' },
  { tag: [t.propertyName, t.attributeName, t.escape], color: 'var(--syntax-constant)' },
  {
    tag: [
      t.function(t.variableName),
      t.function(t.propertyName),
      t.definition(t.function(t.variableName)),
      t.macroName,
    ],
    color: 'var(--syntax-function)',
  },
  { tag: [t.typeName, t.className, t.namespace], color: 'var(--syntax-type)' },
  { tag: [t.tagName, t.angleBracket, t.inserted], color: 'var(--syntax-tag)' },
  { tag: [t.comment, t.meta, t.processingInstruction], color: 'var(--syntax-comment)' },
  { tag: t.deleted, color: 'var(--syntax-keyword)' },
  { tag: t.heading, fontWeight: '600' },
  { tag: t.strong, fontWeight: '600' },
  { tag: t.emphasis, fontStyle: 'italic' },
  { tag: [t.link, t.url], textDecoration: 'underline' },
]);

export const theme: Extension = [editorTheme, syntaxHighlighting(highlightStyle)];
