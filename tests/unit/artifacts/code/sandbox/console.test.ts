import { describe, expect, it, vi } from 'vitest';
import { display } from '@/artifacts/code/sandbox/console';

describe('display', () => {
  const DOCTYPE = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">';

  it.each([
    ['<svg></svg>'],
    ['<?xml version="1.0"?>\n<svg></svg>'],
    [`<?xml version="1.0"?>\n${DOCTYPE}\n<!-- By a program. -->\n<svg></svg>`],
  ])('outputs the SVG text %j as an image', (text) => {
    const write = vi.fn();
    display({ write, started: vi.fn(), end: vi.fn() }, text);
    expect(write).toHaveBeenCalledExactlyOnceWith({
      type: 'image',
      source: `data:image/svg+xml,${encodeURIComponent(text)}`,
    });
  });

  it('outputs other text as text', () => {
    const write = vi.fn();
    display({ write, started: vi.fn(), end: vi.fn() }, 'See <svg>.');
    expect(write).toHaveBeenCalledExactlyOnceWith({
      type: 'text',
      stream: 'stdout',
      text: 'See <svg>.\n',
    });
  });
});
