/**
 * Copies text to the clipboard, also on plain http, where the Clipboard API does not exist.
 * @returns whether it succeeded
 */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Permission denied: `execCommand` below may still be allowed.
    }
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('aria-hidden', 'true');
  area.style.cssText = 'position:fixed;top:0;opacity:0;pointer-events:none';
  const previouslyFocused = document.activeElement as HTMLElement | null;
  document.body.append(area);
  try {
    area.select();
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    area.remove();
    previouslyFocused?.focus({ preventScroll: true });
  }
}
