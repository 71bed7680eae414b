/**
 * Decides which asterisks, underscores and tildes may open or close emphasis. Follows CommonMark,
 * except for:
 * - scripts that put no space between a word and a bold quotation, or between a bold name and the
 * next word: Chinese, Japanese, Korean, Thai and others, and emoji;
 * - a bold label without a following space (`**Note:**text`), which ends there;
 * - file patterns, products and powers (`2*3*4`, `x**2`) and dunder names of Python
 * (`__main__.py`), whose delimiters are text.
 */
import { attention } from 'micromark-core-commonmark';
import { gfm } from 'micromark-extension-gfm';
import type { Code, Construct, Extension, State, Tokenizer } from 'micromark-util-types';

const ASTERISK = 42;
const UNDERSCORE = 95;
const TILDE = 126;
const SLASH = 47;
const DOT = 46;

/** Includes both halves of surrogate pairs: rare ideographs, and emoji. */
const UNSPACED_SCRIPT =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: tested against one code unit at a time
  /[\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u2018-\u201f\u2014\u2026\u2e80-\u318f\u31a0-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\udfff\uf900-\ufaff\ufe0f\ufe30-\ufe4f\uff00-\uffef]/;
const ALPHANUMERIC = /[a-z0-9]/i;
const LABEL_PUNCTUATION = /[:.!?,;]/;

const MAX_LOOKAHEAD_CHARS = 64;
/** A file pattern, starting with a slash and an asterisk. */
const globPatternAhead = lookahead(/^\/\*/);
/** The text after the opening underscores of `__main__.py` and `__init__(self)`. */
const dunderNameAhead = lookahead(/^\w+__(?:\(|\.\w)/);
/** The text after the closing underscores of such a name. */
const dunderEndAhead = lookahead(/^(?:\(|\.\w)/);
/** Bold within a word: it closes before the next space. */
const boldWithinWordAhead = lookahead(/^[^\s*]+\*\*/);

const tokenizeEmphasis: Tokenizer = function (effects, ok) {
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
    const { open, close } = flankingOf(marker, length, before, code);
    token._open = open;
    token._close = close;
    const asText = (next: Code) => {
      token._open = false;
      token._close = false;
      return ok(next);
    };
    if (open && marker === ASTERISK && length === 2 && isWithinWord(before, code)) {
      const asNonOpening = (next: Code) => {
        token._open = false;
        return ok(next);
      };
      return effects.check(boldWithinWordAhead, ok, asNonOpening)(code);
    }
    const isDoubleUnderscore = marker === UNDERSCORE && length === 2;
    const literal =
      marker === ASTERISK ? globPatternAhead : open ? dunderNameAhead : dunderEndAhead;
    if (!(open || close) || !(isDoubleUnderscore || (open && code === SLASH))) return ok(code);
    return effects.check(literal, asText, ok)(code);
  }
};

/**
 * Strikethrough with two tildes, by the same flanking rules; GitHub's construct only knows the
 * standard's whitespace and punctuation.
 */
const tokenizeStrikethrough: Tokenizer = function (effects, ok, nok) {
  const before = this.previous;
  let length = 0;
  return (code) => {
    if (before === TILDE) return nok(code);
    effects.enter('strikethroughSequenceTemporary');
    return inside(code);
  };

  function inside(code: Code): State | undefined {
    if (code === TILDE) {
      if (++length > 2) return nok(code);
      effects.consume(code);
      return inside;
    }
    if (length < 2) return nok(code);
    const { open, close } = flankingOf(TILDE, length, before, code);
    Object.assign(effects.exit('strikethroughSequenceTemporary'), { _open: open, _close: close });
    return ok(code);
  }
};

type Flanking = { open: boolean; close: boolean };

function flankingOf(marker: Code, length: number, before: Code, after: Code): Flanking {
  const left = classifyCharacter(before);
  const right = classifyCharacter(after);
  const isUnspaced = matches(before, UNSPACED_SCRIPT) || matches(after, UNSPACED_SCRIPT);
  const isAfterLabel = marker === ASTERISK && length === 2 && matches(before, LABEL_PUNCTUATION);
  const open = right === 'word' || (right === 'punctuation' && (left !== 'word' || isUnspaced));
  const close =
    left === 'word' || (left === 'punctuation' && (right !== 'word' || isUnspaced || isAfterLabel));
  if (marker === UNDERSCORE) {
    return {
      open: open && (left !== 'word' || !close),
      close: close && (right !== 'word' || !open),
    };
  }
  if (marker === ASTERISK && length === 1 && isWithinWord(before, after)) {
    return { open: false, close: false };
  }
  if (before === SLASH && (after === SLASH || after === DOT)) return { open: false, close: false };
  return { open, close };
}

function isWithinWord(before: Code, after: Code): boolean {
  return matches(before, ALPHANUMERIC) && matches(after, ALPHANUMERIC);
}

function classifyCharacter(code: Code): 'whitespace' | 'punctuation' | 'word' {
  if (code === null || code < 0) return 'whitespace';
  const char = String.fromCharCode(code);
  if (/\s/.test(char)) return 'whitespace';
  return /[\p{P}\p{S}]/u.test(char) ? 'punctuation' : 'word';
}

function matches(code: Code, pattern: RegExp): boolean {
  return code !== null && code >= 0 && pattern.test(String.fromCharCode(code));
}

/** A construct that tests whether the upcoming text matches, without consuming it. */
function lookahead(pattern: RegExp): Construct {
  const tokenizeAhead: Tokenizer = (effects, ok, nok) => {
    let text = '';
    return (code) => {
      if (code === null || code < 0) return nok(code);
      effects.enter('data');
      return consumeNext(code);
    };
    function consumeNext(code: Code): State | undefined {
      if (code !== null && code >= 0 && text.length < MAX_LOOKAHEAD_CHARS) {
        text += String.fromCharCode(code);
        effects.consume(code);
        return pattern.test(text) ? matched : consumeNext;
      }
      effects.exit('data');
      return nok(code);
    }
    function matched(code: Code): State | undefined {
      effects.exit('data');
      return ok(code);
    }
  };
  return { partial: true, tokenize: tokenizeAhead };
}

const emphasisConstruct: Construct = {
  name: 'emphasis',
  tokenize: tokenizeEmphasis,
  resolveAll: attention.resolveAll,
};

/** GitHub's construct with another tokenizer. */
const strikethroughConstruct: Construct = {
  ...([gfm().text?.[TILDE]].flat()[0] as Construct),
  name: 'tildes',
  tokenize: tokenizeStrikethrough,
};

export const emphasisSyntax: Extension = {
  text: {
    [ASTERISK]: emphasisConstruct,
    [UNDERSCORE]: emphasisConstruct,
    [TILDE]: strikethroughConstruct,
  },
  insideSpan: { null: [strikethroughConstruct] },
  disable: { null: ['attention', 'strikethrough'] },
};
