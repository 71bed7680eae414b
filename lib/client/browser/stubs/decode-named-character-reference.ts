/**
 * Replaces the browser build of a dependency of the Markdown parser (next.config.ts), which needs
 * the DOM. A worker has none: it passes the table of names, which is too large for the page.
 */

let entities: Readonly<Record<string, string>> = {};
let element: HTMLElement | undefined;

export function setCharacterEntities(table: Readonly<Record<string, string>>): void {
  entities = table;
}

/** Decodes the name of a character, as `amp` in `&amp;`; false if there is none with this name. */
export function decodeNamedCharacterReference(name: string): string | false {
  if (typeof document === 'undefined') {
    return Object.hasOwn(entities, name) ? (entities[name] ?? false) : false;
  }
  element ??= document.createElement('i');
  const reference = `&${name};`;
  element.innerHTML = reference;
  const text = element.textContent ?? '';
  // Only a prefix was decoded, which needs no semicolon: `&notit;` becomes `¬it;`.
  if (text.endsWith(';') && name !== 'semi') return false;
  return text === reference ? false : text;
}
