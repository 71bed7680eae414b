'use client';

import { memo, useEffect } from 'react';
import { useFormula } from '@/lib/client/markdown/use-formula';

/** A formula, set by KaTeX; as it is written until then. */
export const Formula = memo(function Formula({ tex, display }: { tex: string; display: boolean }) {
  const html = useFormula(tex, display);
  useEffect(() => {
    // Without it the browser copies what is drawn.
    if (html)
      import('./copy-formula-source').then(
        (module) => module.installFormulaCopyHandler(),
        () => {},
      );
  }, [html]);
  const Element = display ? 'div' : 'span';
  if (!html) return display ? <pre className="half-math">{tex}</pre> : <code>{tex}</code>;
  return (
    <Element
      className="formula"
      dir="ltr"
      data-tex={tex}
      data-display={display || undefined}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: KaTeX's own, made without trust in the text
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
});
