/** Guesses the language of a program by its title and text. */
import { languageSample } from '@/artifacts/code/language-sample';
import { resolveLanguage } from '@/lib/client/markdown/languages';

const LANGUAGE_PATTERNS: Array<[RegExp, string]> = [
  [/^#!.*\b(?:ba|z)?sh\b/, 'bash'],
  [/^#!.*\bpython/, 'python'],
  [/^\s*<!doctype html|^\s*<html/i, 'html'],
  [/^\s*<\?php/, 'php'],
  [/^\s*#include\s*[<"]/m, 'cpp'],
  [/^\s*package \w+\s*$/m, 'go'],
  [/^\s*(?:pub )?fn \w+|^\s*use \w+::/m, 'rust'],
  [
    /^\s*(?:def \w+\(.*|class \w+.*|from \S+ import .*|if __name__.*|for .* in .*):?\s*$/m,
    'python',
  ],
  [/^\s*(?:public |private )(?:static |final )*(?:class|void|int|String)\b/m, 'java'],
  [/^\s*(?:select|insert into|create table|with)\b/i, 'sql'],
  [/\b(?:const|let|function|interface|import|export|type)\b.*[{;=]/m, 'typescript'],
  [/^\s*[{[]/, 'json'],
];

/** Returns a name that `resolveLanguage` accepts, or ''. */
export function guessLanguage(title: string, content: string): string {
  for (const word of title.toLowerCase().split(/[\s,:;()]+/)) {
    const name = word.includes('.') ? word.slice(word.lastIndexOf('.') + 1) : word;
    // Single letters, "make" and "go" are more often words than languages.
    if (name.length > 1 && name !== 'make' && name !== 'go' && resolveLanguage(name)) return name;
  }
  const sample = languageSample(content);
  return LANGUAGE_PATTERNS.find(([pattern]) => pattern.test(sample))?.[1] ?? '';
}
