import type { ReactNode } from 'react';
import { labels as createDocument } from '@/tools/create-document/labels';
import type { DocumentLabels } from '@/tools/document-labels';
import { card as getWeather } from '@/tools/get-weather/card';
import { labels as requestSuggestions } from '@/tools/request-suggestions/labels';
import { labels as updateDocument } from '@/tools/update-document/labels';

/** Cards that display a tool's result, by the tool's name. They return null for other results. */
export const RESULT_CARDS: ReadonlyMap<string, (result: unknown) => ReactNode> = new Map(
  Object.entries({ getWeather }),
);

/** The tools whose calls are displayed as a card of their document, by name. */
export const DOCUMENT_LABELS: ReadonlyMap<string, DocumentLabels> = new Map(
  Object.entries({ createDocument, updateDocument, requestSuggestions }),
);
