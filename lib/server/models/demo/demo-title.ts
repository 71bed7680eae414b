/** A title from the first words of the user message. */
export function demoTitle(userText: string): string {
  const words = userText
    .replace(/["`#*<>[\]{}]+/g, '')
    .trim()
    .split(/\s+/);
  const title = words.slice(0, 6).join(' ').slice(0, 60).trim();
  return title === '' ? 'A chat with the demo' : title.charAt(0).toUpperCase() + title.slice(1);
}
