/**
 * Which asterisks and underscores may begin or end emphasis: as in CommonMark, but for
 * - Chinese, Japanese and Korean, which put no blank between a word and a bold quotation;
 * - file patterns, products (`2*3*4`) and names of Python (`__main__.py`): their signs are text.
 */
import { attention } from 'micromark-core-commonmark';
import type { Code, Construct, Extension, State, Tokenizer } from 'micromark-util-types';

const ASTERISK = 42;
const UNDERSCORE = 95;
const SLASH = 47;
const DOT = 46;

const CJK =
  /[\u1100-\u11ff\u2e80-\u318f\u31a0-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud88f\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]/;
const ALPHANUMERIC = /[a-z0-9]/i;

const LOOKAHEAD = 64;
/** `/*`: a file pattern. */
const pattern = ahead(/^\/\*/);
/** What follows the first signs of `__main__.py` and of `__init__(self)`. */
const nameOfPython = ahead(/^\w+__(?:\(|\.\w)/);
/** What follows the last ones. */
const endOfName = ahead(/^(?:\(|\.\w)/);

const tokenize: Tokenizer = function (effects, ok) {
  const before = this.previous;
  let marker: Code = null;
  let length = 0;
  return inside;

  function inside(code: Code): State | undefined {
    if (marker === null) {
      marker = code;
      effects.enter('attentionSequence');
    }
    if (code === marker) {
      effects.consume(code);
      length++;
      return inside;
    }
    const token = effects.exit('attentionSequence');
    const { open, close } = flanking(marker, length, before, code);
    token._open = open;
    token._close = close;
    const isName = marker === UNDERSCORE && length === 2;
    const literal = marker === ASTERISK ? pattern : open ? nameOfPython : endOfName;
    if (!(open || close) || !(isName || (open && code === SLASH))) return ok(code);
    const asText = (next: Code) => {
      token._open = false;
      token._close = false;
      return ok(next);
    };
    return effects.check(literal, asText, ok)(code);
  }
};

type Flanking = { open: boolean; close: boolean };

function flanking(marker: Code, length: number, before: Code, after: Code): Flanking {
  const left = kindOf(before);
  const right = kindOf(after);
  const open = right === 'word' || (right === 'mark' && (left !== 'word' || matches(before, CJK)));
  const close = left === 'word' || (left === 'mark' && (right !== 'word' || matches(after, CJK)));
  if (marker === UNDERSCORE) {
    return {
      open: open && (left !== 'word' || !close),
      close: close && (right !== 'word' || !open),
    };
  }
  if (length === 1 && matches(before, ALPHANUMERIC) && matches(after, ALPHANUMERIC)) {
    return { open: false, close: false };
  }
  if (before === SLASH && (after === SLASH || after === DOT)) return { open: false, close: false };
  return { open, close };
}

function kindOf(code: Code): 'blank' | 'mark' | 'word' {
  if (code === null || code < 0) return 'blank';
  const char = String.fromCharCode(code);
  if (/\s/.test(char)) return 'blank';
  return /[\p{P}\p{S}]/u.test(char) ? 'mark' : 'word';
}

function matches(code: Code, what: RegExp): boolean {
  return code !== null && code >= 0 && what.test(String.fromCharCode(code));
}

/** Whether what comes matches; takes none of it. */
function ahead(wanted: RegExp): Construct {
  const tokenizeAhead: Tokenizer = (effects, ok, nok) => {
    let text = '';
    return (code) => {
      if (code === null || code < 0) return nok(code);
      effects.enter('data');
      return look(code);
    };
    function look(code: Code): State | undefined {
      if (code !== null && code >= 0 && text.length < LOOKAHEAD) {
        text += String.fromCharCode(code);
        effects.consume(code);
        return wanted.test(text) ? found : look;
      }
      effects.exit('data');
      return nok(code);
    }
    function found(code: Code): State | undefined {
      effects.exit('data');
      return ok(code);
    }
  };
  return { partial: true, tokenize: tokenizeAhead };
}

const construct: Construct = { name: 'emphasis', tokenize, resolveAll: attention.resolveAll };

export const attentionSyntax: Extension = {
  text: { [ASTERISK]: construct, [UNDERSCORE]: construct },
  disable: { null: ['attention'] },
};
