import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { ModelProblem } from '@/components/chat/model-problem';

it('says why no model responds, once for each reason, without the addresses of endpoints', () => {
  const problem = (endpoint: string) => ({
    endpoint,
    error: { code: 'endpoint_unreachable' as const, message: 'Couldn’t reach the model server.' },
  });
  const html = renderToStaticMarkup(
    createElement(ModelProblem, {
      models: {
        models: [],
        defaultRef: null,
        problems: [problem('gpu01.corp:8000'), problem('gpu02.corp:8000')],
        loaded: true,
        loading: false,
        refreshing: false,
        error: undefined,
        refresh: () => {},
      },
    }),
  );
  expect(html.match(/Couldn’t reach the model server\./g)).toHaveLength(1);
  expect(html).toContain('Try again');
  expect(html).not.toContain('corp');
});
