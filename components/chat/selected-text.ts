/** The text of messages that the user has selected, to quote it. */
import { cloneWithFormulaSources, visibleText } from '@/components/markdown/visible-text';

const ANSWER_TEXT = '[data-message-role="assistant"] .markdown';
/** Excludes buttons, names of models, tool calls and everything else around the text. */
const MESSAGE_TEXT = `${ANSWER_TEXT}, [data-message-text]`;
/** Parts of a text that are not its content: buttons, labels of code, text for screen readers. */
const NOT_CONTENT = 'button, figcaption, .sr-only, [aria-hidden="true"]';

/** Returns the selected range if it contains text of an answer. */
export function selectedAnswerRange(): Range | null {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  return selectedBlocks(range, ANSWER_TEXT).length > 0 ? range.cloneRange() : null;
}

/** Returns the plain text of the selected messages; '' if nothing visible is selected. */
export function textOfRange(range: Range): string {
  return selectedBlocks(range, MESSAGE_TEXT)
    .map((block) => textOfBlock(range, block))
    .filter((text) => text !== '')
    .join('\n\n');
}

function selectedBlocks(range: Range, selector: string): Element[] {
  const { commonAncestorContainer: ancestor } = range;
  const root = ancestor instanceof Element ? ancestor : ancestor.parentElement;
  const surrounding = root?.closest(selector);
  if (surrounding) return [surrounding];
  return [...(root?.querySelectorAll(selector) ?? [])].filter((block) =>
    range.intersectsNode(block),
  );
}

function textOfBlock(range: Range, block: Element): string {
  const part = document.createRange();
  part.selectNodeContents(block);
  if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0)
    part.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0)
    part.setEnd(range.endContainer, range.endOffset);
  const { contents } = cloneWithFormulaSources(part);
  const container = document.createElement('div');
  container.append(contents);
  for (const element of container.querySelectorAll(NOT_CONTENT)) element.remove();
  // Blank lines at the start would separate the text from the first selected line.
  return visibleText(container)
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+/, '')
    .trimEnd();
}
